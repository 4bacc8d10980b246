"""What began and what ended, how, and how it is kept."""
