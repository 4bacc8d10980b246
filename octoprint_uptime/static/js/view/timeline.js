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
    const LAST_TICK_PERCENT = 75; // of the width: the rest is for "now"
    const LONGEST_WEEK_DAYS = 8;

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

        const ends = ko.pureComputed(() => new Map(happenings().map((each) => [each.session.session, each])));
        // What happened at the end of a piece, or made a gap.
        const endOf = ({ session, after }) => (session || after) && ends().get((session || after).session);
        const describe = (piece, name) => {
            const happening = endOf(piece);
            const words = texts.piece(piece, name);
            return happening ? `${words}\n${texts.happened(happening)}` : words;
        };
        const drawn = (found, name) => {
            let mark = -Infinity;
            return found.map((piece) => {
                const [start, end] = [place(piece.from), place(piece.to)];
                const marked = piece.ended.some(({ unexpected }) => unexpected) && end - mark > MARK_PERCENT;
                if (marked) mark = end;
                const key = piece.session ? piece.session.session : `${piece.kind} ${piece.from}`;
                const [words, entry] = [describe(piece, name), endOf(piece)];
                const leadsTo = entry ? entry.session.session : "";
                return { key, kind: piece.kind, place: start, length: end - start, marked, words, leadsTo };
            });
        };
        const makeRow = ({ name, label, icon, enabled }) => {
            const found = ko.pureComputed(() => {
                const sessions = records.sessionsAt(past(), this.span().to).filter(({ clock }) => clock === name);
                return timeline.pieces(sessions, this.span(), past());
            });
            const least = () => (this.span().to - this.span().from) / MOST_PIXELS;
            const row = { label, icon, enabled };
            row.pieces = ko.pureComputed(() => drawn(timeline.merged(found(), least()), name));
            row.figures = ko.pureComputed(() => {
                const figures = story.figures(found(), this.span());
                return figures === null ? [] : texts.figures(figures);
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
                .filter((moment) => place(moment) < LAST_TICK_PERCENT)
                .map((moment) => ({ place: `${place(moment)}%`, text: dates.tick(moment, unit) }));
        });
        this.now = dates.now();

        // ~~ What the reader points at, with the mouse, a finger or the keyboard
        const pointed = ko.observable({ row: null, key: "" });
        this.pointed = ko.pureComputed(() => {
            const { row, key } = pointed();
            const found = row && this.rows().includes(row) && row.pieces().find((piece) => piece.key === key);
            return found ? found.words : "";
        });
        this.point = (view, { target, type }) => {
            if (pieces.isPiece(target)) pointed({ row: ko.dataFor(target), key: target.dataset.key });
            if (pieces.isPiece(target) && type === "focusin") pieces.makeTabStop(target);
            if (pieces.isPiece(target) && type === "click" && target.dataset.leadsTo) showEvent(target.dataset.leadsTo);
            return true;
        };
        this.walk = (view, { key, target }) => {
            if (key === "Enter" && pieces.isPiece(target)) target.click();
            return !pieces.walk(target, key, texts.direction() === "rtl");
        };
    }
    Object.assign(window.OctoPrintUptime, { TimelineViewModel });
})();
