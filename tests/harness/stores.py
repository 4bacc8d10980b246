"""What is kept of States in a store, and what becomes of its files."""

import shutil

from octoprint_uptime.history.files import StoreError
from octoprint_uptime.history.store import Store


def keep(store, state):
    """Save a State as the recorder does; returns it without what the history then has."""
    store.save(state)
    store.add(state)
    return state.saved(state.unsaved)


def kept(folder):
    """What a new process finds: the State that was left, and what ``read`` returns."""
    store = Store(folder)
    state = store.open()
    found = store.read()
    store.close()
    return state, found


def copied(folder, copy):
    """Another folder with the files as they are, as a power cut leaves them."""
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(folder, copy)


def problem_of(attempt, *arguments):
    """What a StoreError says that this call raises, or None."""
    try:
        attempt(*arguments)
    except StoreError as error:
        return str(error)
    return None
