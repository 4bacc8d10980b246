/**
 * Counts on from the server's last answer, and decides when to ask again.
 *
 * Durations come from performance.now(), which takes no notice of a wall clock that is set. Some
 * systems stop it while they sleep; a gap between it and Date.now() tells, and only the server can
 * then say what is true.
 */
(function () {
    const PREFIXES = { host: "", octoprint: "octoprint_", printer: "printer_" };

    // A gap that a clock which is slewed, not set, does not reach between two wake-ups.
    const DRIFT_MS = 2000;
    // A timer this late did not run because the page did not.
    const LATE_MS = 10000;
    // The age of an answer is known to half of its round trip; beyond this it is worth nothing.
    const SLOWEST_ANSWER_MS = 10000;
    const FIRST_RETRY_MS = 2000;
    // What two answers may differ by, next to their round trips, without a restart between them.
    const RESTART_TOLERANCE_MS = 1000;
    // Browsers may call a timer a little early, and the text would not have changed yet.
    const TIMER_MARGIN_MS = 5;

    class Clocks {
        /**
         * @param {object} page
         * @param {function(): Promise<object>} page.request gets the API's document
         * @param {function()} page.changed called whenever what is shown may differ
         * @param {function(string)} page.restarted called with "host", "octoprint" or "printer"
         * @param {function(): number} page.pollSeconds how often to resync
         * @param {function(): {names: Array<string>, unit: number, rotation: number}} page.shown
         *     which clocks are shown, how many seconds their smallest unit has, and after how many
         *     seconds a compact badge goes on to the next clock (0 for never)
         */
        constructor(page) {
            this.page = page;
            this.reading = null;
            this.confirmed = true;
            this.active = false;
            this.denied = false;
            this.slept = false;
            this.failures = 0;
            this.inFlight = null;
            this.repeat = false;
            this.timer = null;
            this.anchors = {};
            this.lastSeen = null;
            this.nextSync = 0;
        }

        /** Seconds on a clock now, or null where it has not started or nothing is known. */
        seconds(name) {
            const anchor = this.reading === null ? null : this.anchors[name];
            return anchor && this.reading[PREFIXES[name] + "seconds"] !== null ? ageOf(anchor) / 1000 : null;
        }

        /** When a clock started, as the server said: "2026-11-21T08:00:00Z" or null. */
        started(name) {
            return this.reading === null ? null : this.reading[PREFIXES[name] + "started"];
        }

        /** Start counting, or stop: nothing runs while nobody looks. */
        setActive(active) {
            if (active === this.active) return;
            this.active = active;
            this.sync();
            this.refresh();
        }

        /** A user may have got the permission that was missing. */
        allow() {
            this.denied = false;
            this.sync();
        }

        /**
         * Ask the server, unless it is being asked already: then `repeat` says that its answer may
         * come too early to hold the news.
         *
         * @returns {Promise<void>|null} done when the answer was taken in; null where nobody is asked
         */
        sync({ repeat = false } = {}) {
            if (!this.active || this.denied) return null;
            this.repeat = repeat && this.inFlight !== null;
            if (this.inFlight) return this.inFlight;
            this.noticeSleep();
            const sent = now();
            this.inFlight = this.page
                .request()
                .then(
                    (reading) => this.answered(reading, sent, now()),
                    (failure) => this.failed(failure)
                )
                .then(() => this.refresh());
            return this.inFlight;
        }

        answered(reading, sent, received) {
            this.inFlight = null;
            const roundTrip = received.steady - sent.steady;
            if (roundTrip > SLOWEST_ANSWER_MS || gap(sent, received) > DRIFT_MS) {
                this.slept = true;
                return this.retry();
            }
            const anchors = anchorsOf(reading, roundTrip, received.steady);
            const restarted = this.slept ? undefined : findRestart(this.anchors, anchors);
            // A restart takes the printer's connection along; otherwise the last one is remembered.
            const remembered = restarted || this.slept ? {} : { printer: this.anchors.printer };
            this.anchors = Object.assign(remembered, anchors);
            this.reading = reading;
            this.confirmed = true;
            this.slept = false;
            this.failures = 0;
            this.nextSync = received.steady + (this.repeat ? 0 : this.page.pollSeconds() * 1000);
            if (restarted) this.page.restarted(restarted);
        }

        failed(failure) {
            this.inFlight = null;
            this.denied = failure.status === 403;
            if (this.denied) this.reading = null;
            else this.retry();
        }

        /** The last known count goes on, not confirmed, and the next try waits twice as long. */
        retry() {
            this.confirmed = false;
            const wait = FIRST_RETRY_MS * Math.pow(2, this.failures);
            this.failures += 1;
            this.nextSync = performance.now() + Math.min(wait, this.page.pollSeconds() * 1000);
        }

        /** The settings that decide when to ask have changed. */
        settingsChanged() {
            if (this.failures === 0) {
                const soonest = performance.now() + this.page.pollSeconds() * 1000;
                this.nextSync = Math.min(this.nextSync, soonest);
            }
            this.refresh();
        }

        refresh() {
            this.page.changed();
            this.schedule();
        }

        /** Set the one timer for the next change of what is shown, or for the next request. */
        schedule() {
            clearTimeout(this.timer);
            this.timer = null;
            this.lastSeen = now();
            if (!this.active || this.denied) return;
            const nextSync = this.inFlight ? Infinity : this.nextSync;
            this.wakeAt = Math.min(nextSync, this.nextChange()) + TIMER_MARGIN_MS;
            if (this.wakeAt === Infinity) return;
            this.timer = setTimeout(() => this.wake(), this.wakeAt - performance.now());
        }

        wake() {
            this.noticeSleep(this.wakeAt);
            if (performance.now() >= this.nextSync) this.sync();
            this.refresh();
        }

        /** After a sleep the count is not to be trusted, nor is a clock that then looks younger. */
        noticeSleep(wakeAt = Infinity) {
            const seen = now();
            if (this.slept || this.lastSeen === null) return;
            if (gap(this.lastSeen, seen) <= DRIFT_MS && seen.steady - wakeAt <= LATE_MS) return;
            this.slept = true;
            this.confirmed = false;
            this.nextSync = seen.steady;
        }

        /**
         * When the shown text next changes, on the steady clock. All clocks are drawn together, in
         * step with the youngest, whose digits people watch; the others are late by less than one
         * of their smallest units.
         */
        nextChange() {
            const { names, unit, rotation } = this.page.shown();
            const steady = performance.now();
            const ages = names.map((name) => this.seconds(name)).filter((age) => age !== null);
            const untilTick = ages.length ? unit - (Math.min(...ages) % unit) : Infinity;
            const untilRotation = rotation ? rotation - ((steady / 1000) % rotation) : Infinity;
            return steady + 1000 * Math.min(untilTick, untilRotation);
        }
    }

    /** Both clocks of the browser at once, in milliseconds. */
    function now() {
        return { steady: performance.now(), wall: Date.now() };
    }

    /** By how much the two clocks went apart between two moments. */
    function gap(earlier, later) {
        return Math.abs(later.wall - earlier.wall - (later.steady - earlier.steady));
    }

    /** What the answer says of each clock, and when it was true: {age, at, roundTrip} in milliseconds. */
    function anchorsOf(reading, roundTrip, at) {
        const anchors = {};
        for (const name of Object.keys(PREFIXES)) {
            const seconds = reading[PREFIXES[name] + "seconds"];
            if (seconds !== null) anchors[name] = { age: seconds * 1000 + roundTrip / 2, at, roundTrip };
        }
        return anchors;
    }

    function ageOf(anchor) {
        return anchor.age + performance.now() - anchor.at;
    }

    /** The first clock, from the outside in, that is younger than it must be: the others restarted with it. */
    function findRestart(before, after) {
        return Object.keys(PREFIXES).find((name) => {
            if (!before[name] || !after[name]) return false;
            const uncertain = RESTART_TOLERANCE_MS + (before[name].roundTrip + after[name].roundTrip) / 2;
            return ageOf(after[name]) < ageOf(before[name]) - uncertain;
        });
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { Clocks });
})();
