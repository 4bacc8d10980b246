// The timeline: a span of time with a row for each uptime, and its figures.
(function () {
    const { pieces, records, remembered, stable, story, timeline } = window.OctoPrintUptime;

    // In days; null for all that there is.
    const SPANS = { day: 1, week: 7, month: 30, all: null };
    const EVERYTHING_DAYS = 3660;
    const DAY_MS = 86400000;
    const MOST_PIXELS = 500; // hardly wider: what is narrower than one of these is drawn together
    const MARK_PERCENT = 1; // of the width: closer marks are drawn as one
    const MOST_TICKS = 7;
    const LEAST_GAP = 3; // of those pixels
    const NARROW_PERCENT = 3; // of the width: a gap that is hard to hit
    const LAST_TICK_PERCENT = 75; // of the width: the text of a later one may not fit
    const LATE_TICK_PERCENT = 88; // the text of a later one ends with the axis
    const LONGEST_WEEK_DAYS = 8;
    const MOST_STRIPES_DAYS = 32;

    // `past` is the record, changed with each new history, `time` the server's.
    function TimelineViewModel({ texts, dates, cards, past, happenings, time, showEvent }) {
        const chosen = remembered("span", (text) => (Object.keys(SPANS).includes(text) ? text : "week"));

        this.days = ko.pureComputed(() => SPANS[chosen()] || EVERYTHING_DAYS);
        this.spans = Object.keys(SPANS).map((name) => ({
            label: () => texts.span(SPANS[name]),
            chosen: ko.pureComputed(() => name === chosen()),
            choose: () => chosen(name)
        }));

        // Up to now, which moves by what can be seen: a redraw that changes nothing costs as much as any.
        this.span = stable(
            () => {
                const oldest = past().recordedFrom === null ? time() : past().recordedFrom;
                const length = SPANS[chosen()] * DAY_MS || Math.max(time() - oldest, DAY_MS);
                const step = length / MOST_PIXELS;
                const to = Math.max(past().taken, Math.floor(time() / step) * step);
                return { from: SPANS[chosen()] ? to - length : Math.min(oldest, to - DAY_MS), to };
            },
            (one, other) => one && one.from === other.from && one.to === other.to
        );
        const place = (moment) => (100 * (moment - this.span().from)) / (this.span().to - this.span().from);

        const happened = ko.pureComputed(() => new Map(happenings().map((each) => [each.session.session, each])));
        // What happened in a piece or at its end, or made a gap, oldest first.
        const endsOf = ({ after, ended }) =>
            [...ended, after].map((session) => session && happened().get(session.session)).filter(Boolean);
        const describe = (piece, name, found) => {
            const words = texts.piece(piece, name);
            return found.length === 1 ? `${words}\n${texts.happened(found[0])}` : words;
        };
        const drawn = (found, name) => {
            let mark = -Infinity;
            return found.map((piece) => {
                const [start, end] = [place(piece.shown.from), place(piece.shown.to)];
                const marked = piece.ended.some(({ unexpected }) => unexpected) && end - mark > MARK_PERCENT;
                if (marked) mark = end;
                const key = piece.session ? piece.session.session : `${piece.kind} ${piece.from}`;
                const itsEnds = endsOf(piece);
                const leadsTo = itsEnds.map(({ session }) => session.session);
                const narrow = !["run", "many"].includes(piece.kind) && end - start < NARROW_PERCENT;
                const words = describe(piece, name, itsEnds);
                return { key, kind: piece.kind, place: start, length: end - start, marked, narrow, words, leadsTo };
            });
        };
        const makeRow = ({ name, label, icon, enabled }) => {
            const found = ko.pureComputed(() => {
                const sessions = records.sessionsAt(past(), this.span().to).filter(({ clock }) => clock === name);
                return timeline.pieces(sessions, this.span(), past());
            });
            const least = () => (this.span().to - this.span().from) / MOST_PIXELS;
            const row = { label, icon, enabled };
            row.pieces = ko.pureComputed(() =>
                drawn(timeline.widened(timeline.merged(found(), least()), LEAST_GAP * least()), name)
            );
            row.figures = ko.pureComputed(() => {
                const figures = story.figures(found(), this.span());
                return figures === null ? [] : texts.figures(figures, name);
            });
            return row;
        };
        const rows = cards.map(makeRow);
        this.rows = ko.pureComputed(() => rows.filter((row) => row.enabled()));
        // Whether a kind of piece, or a mark, is in the picture.
        this.hasPiece = (kind) =>
            this.rows().some((row) => row.pieces().some((piece) => piece.kind === kind || (kind === "marked" && piece.marked)));

        this.ticks = ko.pureComputed(() => {
            const { unit: step, moments } = timeline.ticks(this.span(), MOST_TICKS);
            const isWeek = step === "day" && this.span().to - this.span().from <= LONGEST_WEEK_DAYS * DAY_MS;
            const unit = isWeek ? "weekday" : step;
            return moments
                .filter((moment) => isWeek || place(moment) < LAST_TICK_PERCENT)
                .map((moment) => tick(place(moment), dates.tick(moment, unit)));
        });
        const tick = (percent, text) => {
            const isLate = percent > LATE_TICK_PERCENT;
            return { text, isLate, start: `${percent}%`, end: isLate ? "0" : "auto" };
        };
        // Days as faint stripes behind the rows, as a style.
        this.stripes = ko.pureComputed(() => {
            const { from, to } = this.span();
            if (to - from > MOST_STRIPES_DAYS * DAY_MS) return "";
            const stops = timeline.alternateDays(this.span()).map((day) => {
                const [start, end] = [`${place(day.from)}%`, `${place(day.to)}%`];
                return `transparent ${start}, var(--octoprint-uptime-stripe) ${start} ${end}, transparent ${end}`;
            });
            const direction = texts.direction() === "rtl" ? "to left" : "to right";
            return `--octoprint-uptime-days: linear-gradient(${[direction, ...stops].join()})`;
        });
        this.now = dates.now();

        // ~~ What the reader points at, with the mouse, a finger or the keyboard
        const pieceAt = (row, key) => row.pieces().find((piece) => piece.key === key);
        const pointed = ko.observable({ row: null, key: "" });
        this.pointed = ko.pureComputed(() => {
            const { row, key } = pointed();
            const found = row && this.rows().includes(row) && pieceAt(row, key);
            return found ? found.words : "";
        });
        this.point = (view, { target, type }) => {
            if (!pieces.isPiece(target)) return true;
            const [row, key] = [ko.dataFor(target), target.dataset.key];
            pointed({ row, key });
            if (type === "focusin") pieces.makeTabStop(target);
            if (type === "click") showEvent(pieceAt(row, key).leadsTo);
            return true;
        };

        // The place of each session's end: the number of its row and the key of its bar, which comes before its gap.
        const ends = ko.pureComputed(() => {
            const places = this.rows().flatMap((row, index) =>
                row.pieces().flatMap(({ key, leadsTo }) => leadsTo.map((session) => [session, [index, key]]))
            );
            return new Map(places.reverse());
        });
        this.hasEnd = (session) => ends().has(session);
        this.showEnd = (session) => pieces.focus(...ends().get(session));
        this.walk = (view, { key, target }) => {
            if (key === "Enter" && pieces.isPiece(target)) target.click();
            return !pieces.walk(target, key, texts.direction() === "rtl");
        };
    }
    Object.assign(window.OctoPrintUptime, { TimelineViewModel });
})();
