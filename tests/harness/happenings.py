"""What may happen to a machine ``at`` a moment (Unix seconds), so that something is away until it comes ``back``."""

from octoprint_uptime.history.sessions import State

HOUR = 3600

UNPLUGGED = (
    "SerialException: 'device reports readiness to read but returned no data "
    "(device disconnected or multiple access on port?)'"
)


# ~~ The host goes down, and boots


def loses_power(machine, at, back, file, completion):
    machine.print_until(at - 40, file, completion, 3 * HOUR)
    machine.boot(back, f"boot of {back}", board=("power_on",))


def loses_weak_power(machine, at, back):
    machine.change(at - HOUR, State.report_undervoltage, True, True)
    machine.beat(at - 100)
    machine.boot(back, f"boot of {back}", board=("warm_reset",))


def reboots(machine, at, back, boot_id=None):
    machine.stop(at, "reboot")
    machine.boot(back, boot_id or f"boot of {back}")


def shuts_down(machine, at, back):
    machine.stop(at, "shutdown")
    machine.boot(back, f"boot of {back}")


def does_not_know_the_time(machine, at, back):
    """Between two shutdowns, a boot whose clock goes on where the one before stood, since nothing sets it."""
    machine.stop(at, "shutdown")
    shutdown = back - 10 * HOUR
    boot = shutdown - 5 * HOUR
    machine.boot(boot, f"boot of {boot}", confirmed=False, behind=boot - at - 60)
    machine.stop(shutdown, "shutdown")
    machine.boot(back, f"boot of {back}")


# ~~ OctoPrint alone


def restarts(machine, at, back, asked="restart"):
    machine.stop(at, asked)
    machine.start(back)


def ends_silently(machine, at, back, file=None, completion=None):
    if file:
        machine.print_until(at - 40, file, completion, 3 * HOUR)
    machine.change(at - 40, State.see_oom_kills, 0)
    machine.beat(at - 40)
    machine.start(back, oom_kills=1)


def goes_without_the_plugin(machine, at, back):
    machine.change(at - 60, State.leave)
    machine.stop(at, "restart")
    machine.start(back)


# ~~ The printer alone


def disconnects(machine, at, back):
    machine.report(at, "Disconnecting")
    machine.report(at, "Disconnected")
    machine.report(back, "Connected")


def loses_the_printer(machine, at, back, file, completion):
    machine.print_until(at - 1, file, completion, 2 * HOUR)
    machine.report(at, "Disconnected", error=UNPLUGGED, evidence=("usb_gone",))
    machine.report(back, "Connected")


def has_the_printer_restart(machine, at, back, file, completion):
    machine.print_until(at - 1, file, completion, 2 * HOUR)
    machine.report(at, "PrinterReset", evidence=("printer_brown_out",))
