/**
 * A blank page's world: time passes as a test likes, a server keeps pace with it, and `sync` asks it.
 * All of it is in milliseconds but what the server says of its clocks.
 */
window.World = class {
    constructor({ pollSeconds = 300, unit = 1, latency = 40, ppm = 0 }) {
        Object.assign(this, { pollSeconds, unit, latency, ppm, failure: null });
        this.elapsed = 0; // what a true clock says
        this.stopped = 0; // how long performance.now() stood still
        this.stepped = 0; // by how much the wall clock was set
        this.timers = [];
        this.counts = { requests: 0, wakes: 0, draws: 0 };
        this.started = { host: -864000500, octoprint: -18000500, printer: null };
        this.sessions = { host: "host 1", octoprint: "octoprint 1", printer: null };
        this.extra = {};
        this.clocks = {};
        this.confirmed = true;
        this.memory = OctoPrintUptime.clocks.readMemory(null);
        this.wanted = true; // whether an answer without the history is not enough
        this.historyFails = false; // whether requests with a history time out
        this.contradicted = false; // whether OctoPrint says something else than the answers
        this.asked = []; // [seconds, whether it was lean]
        this.watched = ["host", "octoprint", "printer"];
        performance.now = () => this.steady();
        Date.now = () => 1.7e12 + this.elapsed + this.stepped;
        window.setTimeout = (callback, delay) => this.setTimeout(callback, delay);
        window.clearTimeout = (timer) => (this.timers = this.timers.filter((other) => other !== timer));
        this.sync = new OctoPrintUptime.Sync(this.page());
        const wake = this.sync.wake;
        this.sync.wake = () => (this.counts.wakes++, wake.call(this.sync));
    }

    page() {
        const { nextChange, readClocks, remember, secondsAt } = OctoPrintUptime.clocks;
        return {
            request: (lean) => this.request(lean),
            answered: (answer, at) => {
                this.clocks = readClocks(answer, at);
                this.memory = remember(this.memory, this.clocks, this.watched, Date.now());
                return this.accepts(answer);
            },
            refused: () => (this.clocks = {}),
            draw: (confirmed) => (this.counts.draws++, (this.confirmed = confirmed)),
            pollSeconds: () => this.pollSeconds,
            nextChange: () => {
                const ages = Object.values(this.clocks).map((clock) => secondsAt(clock, performance.now()));
                const running = ages.filter((age) => age !== null);
                return nextChange(running.length ? Math.min(...running) : null, this.unit, 0, performance.now());
            }
        };
    }

    steady() {
        return 5000 + (this.elapsed - this.stopped) * (1 + this.ppm / 1e6);
    }

    setTimeout(callback, delay) {
        if (!(delay <= 2 ** 31)) throw new Error(`a timer of ${delay} ms`);
        const timer = { callback, due: this.steady() + Math.max(0, delay) };
        this.timers.push(timer);
        return timer;
    }

    /** The server reads its clocks when half of the time is over, and is heard when all of it is. */
    request(lean) {
        this.counts.requests++;
        this.asked.push([this.elapsed / 1000, lean]);
        return new Promise((resolve, reject) => {
            this.setTimeout(() => {
                const failure = this.historyFails && !lean ? { status: 0 } : this.failure;
                const document = { ...this.document(), lean };
                this.setTimeout(() => (failure ? reject(failure) : resolve(document)), this.latency / 2);
            }, this.latency / 2);
        });
    }

    accepts({ lean }) {
        return !(lean && this.wanted) && !this.contradicted;
    }

    document() {
        const document = {};
        for (const [name, prefix] of [["host", ""], ["octoprint", "octoprint_"], ["printer", "printer_"]]) {
            const runs = this.started[name] !== null;
            document[`${prefix}seconds`] = runs ? (this.elapsed - this.started[name]) / 1000 : null;
            document[`${prefix}session`] = runs ? this.sessions[name] : null;
        }
        return Object.assign(document, this.extra);
    }

    /** Let a clock of the server begin anew. */
    restart(...names) {
        for (const name of names) {
            this.started[name] = this.elapsed;
            this.sessions[name] = `${name} since ${this.elapsed}`;
        }
    }

    /** Let time pass, and all timers go off that are due meanwhile. */
    async pass(seconds) {
        const end = this.elapsed + 1000 * seconds;
        await this.settle();
        for (;;) {
            const [next] = this.timers.sort((one, other) => one.due - other.due);
            const due = next ? this.elapsed + Math.max(0, next.due - this.steady()) / (1 + this.ppm / 1e6) : Infinity;
            if (due > end) break;
            this.elapsed = due;
            this.timers.shift();
            next.callback();
            await this.settle();
        }
        this.elapsed = end;
    }

    /** The computer sleeps; performance.now() stands still meanwhile or does not. */
    async sleep(seconds, stops) {
        this.elapsed += 1000 * seconds;
        if (stops) this.stopped += 1000 * seconds;
        await this.pass(0.001);
    }

    async settle() {
        for (let turn = 0; turn < 8; turn++) await null;
    }

    /** What the page shows and what is right, in seconds. */
    seconds(name) {
        return OctoPrintUptime.clocks.secondsAt(this.clocks[name], performance.now());
    }

    truth(name) {
        return (this.elapsed - this.started[name]) / 1000;
    }
};
