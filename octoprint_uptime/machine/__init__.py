"""What the machine reports: its clocks, its boot, its mounts."""
