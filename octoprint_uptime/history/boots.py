"""Decides whether this is the boot that was seen last. Pure: compares the last observation with the current one."""

import hashlib
from collections.abc import Container
from typing import NamedTuple, Optional

# The epochs of one boot may differ by this if NTP set them at different times, or by a step that hardly counts as one.
SAME_EPOCH_SECONDS = 5
# What a wall clock may gain on the steady one where the system does not steer both alike: 100 parts per million.
DRIFT = 1e-4
# A wall clock that moved this much against the steady one was set.
STEP_SECONDS = 2
# Boot times that fall into one such period make the same id, for systems that have no boot ids.
ROUGH_START_SECONDS = 600
# A session's id is hexadecimal. It begins with the machine's fingerprint, so that a page does not take a session of
# another machine for a restart of this one. The rest is enough for thousands of sessions.
FINGERPRINT_DIGITS, ID_DIGITS = 3, 10


class Boot(NamedTuple):
    """A boot of the host."""

    id: str  # the id of the host's session
    boot_id: Optional[str]  # the operating system's id
    epoch: float  # Unix seconds at which the steady clock stood at zero
    confirmed: bool  # whether the wall clock can be believed


class Moment(NamedTuple):
    """What the machine reports when OctoPrint starts. Seconds are those of the steady clock."""

    boot_id: Optional[str]
    up: float
    epoch: float
    synchronized: bool  # NTP keeps the wall clock right
    battery: bool  # the wall clock was set from a clock with a battery
    host_start: Optional[float]  # None if the system does not report it
    octoprint_start: float
    fingerprint: str  # of the machine
    safe_mode: Optional[float] = None  # Unix seconds at which OctoPrint last started without its plugins
    oom_kills: Optional[int] = None  # how many programs the kernel has stopped because memory ran out
    board: Optional[tuple[str, ...]] = None  # evidence of the board about how this boot began


def recognize(last: Optional[Boot], last_up: float, now: Moment, known: Container[str] = ()) -> Boot:
    """The Boot that is running, with the id of ``last`` if that goes on; ``known`` are the ids of other boots."""
    is_behind = last is not None and last.confirmed and now.epoch + now.up < last.epoch + last_up
    believed = now.synchronized or (now.battery and not is_behind)
    if last is None or not goes_on(last, last_up, now, believed):
        return Boot(_new_id(last, now, known), now.boot_id, now.epoch, believed)
    stepped = abs(now.epoch - last.epoch) > _tolerance(last_up, now)  # a step implies a better time source
    return last._replace(boot_id=now.boot_id, epoch=now.epoch, confirmed=last.confirmed or believed or stepped)


def goes_on(last: Boot, last_up: float, now: Moment, confirmed: bool) -> bool:
    """Whether ``now`` belongs to the boot seen last. ``confirmed`` is about the wall clock of ``now``.

    Boot ids repeat on a Raspberry Pi Zero (raspberrypi/linux#2476) and change with each container in LXC
    (lxc/lxc#3027), so an id alone decides nothing.
    """
    both_confirmed = last.confirmed and confirmed
    close = abs(now.epoch - last.epoch) <= _tolerance(last_up, now)
    if now.up < last_up:
        return False
    if last.boot_id is None or now.boot_id is None:
        return close
    if last.boot_id != now.boot_id:  # a new container
        return close and both_confirmed
    # After a step of the wall clock it looks the same, but then this boot does not start after the other was last seen.
    repeated = both_confirmed and now.epoch >= last.epoch + last_up
    return close or not repeated


def follow_clock(boot: Boot, epoch: float, synchronized: bool) -> Boot:
    """The Boot after a look at its wall clock: the epoch stays as it is until the clock was set."""
    stepped = abs(epoch - boot.epoch) >= STEP_SECONDS
    confirmed = boot.confirmed or synchronized or stepped
    return boot._replace(epoch=epoch if stepped else boot.epoch, confirmed=confirmed)


def session_id(boot: Boot, *parts) -> str:
    """The id of something that happened on this boot; ``parts`` say what and when."""
    return boot.id[:FINGERPRINT_DIGITS] + _digest(boot.id, *parts)


def _tolerance(last_up, now):
    return SAME_EPOCH_SECONDS + DRIFT * max(0.0, now.up - last_up)


def _new_id(last, now, known):
    """Made from the boot id, if no other boot has that: then it comes out the same if everything stored is lost."""
    rough_start = round((now.epoch + (now.host_start or 0.0)) / ROUGH_START_SECONDS)
    id = now.fingerprint + _digest(now.boot_id or rough_start)
    if id in known or (last is not None and last.id == id):
        return now.fingerprint + _digest(id, last and last.id, now.epoch)
    return id


def _digest(*parts):
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:ID_DIGITS]
