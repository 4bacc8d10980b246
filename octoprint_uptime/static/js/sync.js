// When to ask the server and when to draw: the one timer. Some systems stop performance.now() while they sleep; then it
// and Date.now() drift apart, and only the server knows what is true.
(function () {
    // Clocks that are slewed, not set, drift apart by less than this between two wake-ups.
    const DRIFT_MS = 2000;
    // A timer this late did not run because the page did not.
    const LATE_MS = 10000;
    // The age of an answer is known to half of its round trip; a slower answer is discarded.
    const SLOWEST_ANSWER_MS = 10000;
    const FIRST_RETRY_MS = 1000;
    // Browsers may call a timer a little early, and the text would not have changed yet.
    const TIMER_MARGIN_MS = 5;

    class Sync {
        // `page.request(lean)` gets the API's document, without the history if `lean`; `page.answered(document, at)`
        // returns false if it isn't all that the page wants, or contradicts OctoPrint. `page.refused()` is called if
        // the reader may not see the uptime, `page.draw(confirmed)` when what is shown may differ.
        constructor(page) {
            Object.assign(this, { page, confirmed: true, active: false, denied: false, failures: 0 });
            this.lean = false; // ask for the numbers alone: the request before may have failed because of the history
            this.leanWorks = false; // such a request was answered, and none with a history since
            Object.assign(this, { inFlight: null, again: false, timer: null, lastSeen: null, nextSync: 0 });
        }

        setActive(active) {
            if (active === this.active) return;
            this.active = active;
            this.sync();
            this.refresh();
        }

        // A user may have got the permission that was missing.
        allow() {
            this.denied = false;
            this.sync();
        }

        // Something happened, or more is wanted. An answer that is under way may be too early for it.
        news() {
            this.again = this.inFlight !== null;
            this.failures = 0;
            this.sync();
        }

        // Ask the server, unless a request is under way. Returns a promise, done when the answer was used, or null.
        sync() {
            if (!this.active || this.denied) return null;
            if (this.inFlight) return this.inFlight;
            this.noticeSleep();
            const sent = now();
            this.inFlight = this.page
                .request(this.lean)
                .then(
                    (answer) => this.answered(answer, sent, now()),
                    (failure) => this.failed(failure)
                )
                .then(() => this.refresh());
            return this.inFlight;
        }

        answered(answer, sent, received) {
            this.inFlight = null;
            const roundTrip = received.steady - sent.steady;
            if (roundTrip > SLOWEST_ANSWER_MS || gap(sent, received) > DRIFT_MS) return this.retry();
            this.confirmed = true;
            const isComplete = this.page.answered(answer, received.steady - roundTrip / 2);
            this.failures = isComplete ? 0 : this.failures + 1;
            const isFirstLean = this.lean && !this.leanWorks && !isComplete;
            this.leanWorks = this.lean;
            this.lean = false;
            this.nextSync = received.steady + (this.again ? 0 : this.wait(isFirstLean));
            this.again = false;
        }

        failed(failure) {
            this.inFlight = null;
            this.denied = failure.status === 403;
            if (this.denied) return this.page.refused();
            const failedForHistory = this.leanWorks && !this.lean;
            this.leanWorks = failedForHistory;
            this.lean = !this.lean;
            this.retry(failedForHistory);
        }

        // The last known count goes on, unconfirmed; the next try waits twice as long.
        retry(soon = false) {
            this.confirmed = false;
            this.again = false;
            this.failures += 1;
            this.nextSync = performance.now() + this.wait(soon);
        }

        // Milliseconds until the next request: longer after each failure, up to the poll interval.
        wait(soon = false) {
            const poll = this.page.pollSeconds() * 1000;
            if (soon) return FIRST_RETRY_MS;
            return this.failures ? Math.min(FIRST_RETRY_MS * 2 ** (this.failures - 1), poll) : poll;
        }

        // A shorter poll interval takes effect at once.
        pollChanged() {
            this.nextSync = Math.min(this.nextSync, performance.now() + this.page.pollSeconds() * 1000);
            this.refresh();
        }

        refresh() {
            this.page.draw(this.confirmed);
            this.schedule();
        }

        schedule() {
            clearTimeout(this.timer);
            this.timer = null;
            this.lastSeen = now();
            if (!this.active || this.denied) return;
            const nextSync = this.inFlight ? Infinity : this.nextSync;
            this.wakeAt = Math.min(nextSync, this.page.nextChange()) + TIMER_MARGIN_MS;
            if (this.wakeAt === Infinity) return;
            this.timer = setTimeout(() => this.wake(), this.wakeAt - performance.now());
        }

        wake() {
            this.noticeSleep(this.wakeAt);
            if (performance.now() >= this.nextSync) this.sync();
            this.refresh();
        }

        // After a sleep the count may be wrong.
        noticeSleep(wakeAt = Infinity) {
            const seen = now();
            if (this.lastSeen === null) return;
            if (gap(this.lastSeen, seen) <= DRIFT_MS && seen.steady - wakeAt <= LATE_MS) return;
            this.confirmed = false;
            this.nextSync = seen.steady;
        }
    }

    const now = () => ({ steady: performance.now(), wall: Date.now() });

    // By how much the two clocks drifted apart between two moments.
    const gap = (earlier, later) => Math.abs(later.wall - earlier.wall - (later.steady - earlier.steady));
    Object.assign(window.OctoPrintUptime, { Sync });
})();
