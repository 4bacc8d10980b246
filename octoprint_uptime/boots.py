"""Which boot of the host this is. Pure: what was seen last and what is seen now in, a verdict out."""

import hashlib
from typing import NamedTuple, Optional

# Two epochs that NTP set at different times may differ by this, and still be one.
SAME_EPOCH_SECONDS = 5

# The id of a session is hexadecimal. It begins with the machine's mark: sessions of two machines do not follow each
# other. The rest is enough for a thousand of them, and most of what a long history weighs.
MARK_DIGITS = 3
ID_DIGITS = 10


class Boot(NamedTuple):
    """A boot of the host, by the id of the host's session, and what the wall clock is to its steady clock."""

    id: str
    boot_id: Optional[str]  # as Linux has it
    epoch: float  # Unix seconds at which the steady clock stood at zero
    confirmed: bool  # whether the wall clock had been set


class Moment(NamedTuple):
    """What is seen when OctoPrint starts."""

    boot_id: Optional[str]
    up: float
    epoch: float
    confirmed: bool
    host_start: Optional[float]  # None where nobody can tell
    octoprint: tuple  # id and start
    new_id: str  # for a boot that cannot be named after its boot id
    safe_mode: Optional[float] = None  # Unix seconds at which OctoPrint last started without its plugins


def recognize(last, last_up, now):
    """What ``judge_boot`` says, and the Boot that runs. ``last`` is None where nothing is remembered."""
    verdict = "new" if last is None else judge_boot(last, last_up, now)
    if verdict == "new":
        return verdict, Boot(_name(last, now), now.boot_id, now.epoch, now.confirmed)
    stepped = abs(now.epoch - last.epoch) > SAME_EPOCH_SECONDS  # whoever sets a clock looked at a better one
    confirmed = last.confirmed or now.confirmed or stepped
    return verdict, last._replace(boot_id=now.boot_id, epoch=now.epoch, confirmed=confirmed)


def judge_boot(last, last_up, now):
    """Whether ``now`` belongs to the Boot that was seen last: "same", "container" (it, in a new container) or "new".

    Boot ids repeat on a Raspberry Pi Zero (raspberrypi/linux#2476) and change with each container in LXC
    (lxc/lxc#3027), so they never decide alone.
    """
    if now.up < last_up:
        return "new"
    both_confirmed = last.confirmed and now.confirmed
    close = abs(now.epoch - last.epoch) <= SAME_EPOCH_SECONDS
    if last.boot_id is None or now.boot_id is None:
        return "same" if close else "new"
    if last.boot_id != now.boot_id:
        return "container" if close and both_confirmed else "new"
    # A wall clock that was set looks alike, but then this boot would not begin after the other one was last seen.
    repeated = both_confirmed and now.epoch >= last.epoch + last_up
    return "new" if repeated and not close else "same"


def _name(last, now):
    """Made from the boot id where that is a new one: then it comes out the same if all memory gets lost."""
    if now.boot_id is None or (last is not None and last.boot_id == now.boot_id):
        return now.new_id
    return now.new_id[:MARK_DIGITS] + hashlib.sha256(now.boot_id.encode()).hexdigest()[:ID_DIGITS]
