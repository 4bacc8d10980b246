"""Heartbeat: records that everything is still running, and notices that OctoPrint stops.

Other plugins may delay OctoPrint's own notice of a stop, so the thread watches the end of the main thread.
"""

import threading

SEND_AFTER_SECONDS = 30  # subscribers have connected by then: send the events of the start
INTERVAL_SECONDS = 60


def start(recorder):
    """Start the heartbeat of a Recorder in a new thread."""
    main = threading.main_thread()

    def wait(seconds):
        main.join(seconds)
        return main.is_alive()

    threading.Thread(target=run, args=(recorder, wait), name="uptime heartbeat", daemon=True).start()


def run(recorder, wait):
    """Call the recorder until OctoPrint stops; ``wait(seconds)`` returns False at once when that begins."""
    recorder.heartbeat()
    runs = wait(SEND_AFTER_SECONDS)
    recorder.send_events()
    while runs:
        recorder.heartbeat()
        runs = wait(INTERVAL_SECONDS)
    recorder.stop()
