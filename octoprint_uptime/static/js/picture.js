/**
 * The picture of a span of time, with its figures.
 */
(function () {
    const { story, stored, timeline } = window.OctoPrintUptime;

    // In days; all that there is where it is null.
    const SPANS = { day: 1, week: 7, month: 30, all: null };
    const EVERYTHING_DAYS = 3660;
    const DAY_MS = 86400000;

    const MOST_PIXELS = 500; // the picture is hardly wider: what is narrower than one of these is put together
    const MARK_PERCENT = 1; // of the width: closer marks are drawn as one
    const MOST_TICKS = 6;
    const LAST_TICK_PERCENT = 75; // of the width: what is left is for "now"
    const ARROWS = { ArrowRight: 1, ArrowLeft: -1 };

    /** `shownClocks` holds the clocks that are switched on, `history` is from history.js. */
    function PictureViewModel({ narration, direction }, shownClocks, history) {
        const chosen = stored("span", "week");
        const days = () => SPANS[chosen()];

        this.days = () => days() || EVERYTHING_DAYS;
        this.spans = ko.pureComputed(() =>
            Object.keys(SPANS).map((name) => ({
                label: narration.span(SPANS[name]),
                chosen: name === chosen(),
                choose: () => chosen(name)
            }))
        );
        chosen.subscribe(() => this.days() > history.record().days && history.refresh(this.days()));

        this.span = ko.pureComputed(() => {
            const to = history.until();
            return { from: days() ? to - days() * DAY_MS : Math.min(history.recordedFrom(), to - DAY_MS), to };
        });

        const place = (moment) => (100 * (moment - this.span().from)) / (this.span().to - this.span().from);
        const drawn = (pieces, clock) => {
            let mark = -Infinity;
            return pieces.map((piece) => {
                const [start, end] = [place(piece.from), place(piece.to)];
                const marked = piece.ended.some(story.isUnexpected) && end - mark > MARK_PERCENT;
                if (marked) mark = end;
                return { kind: piece.kind, place: start, length: end - start, marked, words: describe(piece, clock) };
            });
        };
        const describe = (piece, clock) => {
            const happening = history.ends().get(piece.session);
            const words = narration.piece(piece, clock);
            return happening ? `${words}\n${narration.happened(happening)}` : words;
        };
        const row = ({ name, label, icon }) => {
            const sessions = history.record().sessions.filter((session) => session.clock === name);
            const pieces = timeline.pieces(sessions, this.span(), history.recordedFrom());
            const least = (this.span().to - this.span().from) / MOST_PIXELS;
            return {
                label,
                icon,
                figures: narration.figures(story.figures(pieces, this.span())),
                pieces: drawn(timeline.merged(pieces, least), name)
            };
        };
        // Deferred: an answer changes several of the things that it depends on.
        this.rows = ko.pureComputed(() => shownClocks().map(row)).extend({ deferred: true });

        this.ticks = ko.pureComputed(() => {
            const { unit, moments } = timeline.ticks(this.span(), MOST_TICKS);
            return moments
                .filter((moment) => place(moment) < LAST_TICK_PERCENT)
                .map((moment) => ({ place: `${place(moment)}%`, text: narration.tick(moment, unit) }));
        });
        this.now = narration.now();

        // ~~ What the reader points at, with the mouse, a finger or the keyboard

        this.pointed = ko.observable("");
        this.point = (picture, { target }) => {
            const words = target.getAttribute("aria-label");
            if (words && target.matches(".octoprint-uptime-piece")) this.pointed(words);
            return true;
        };
        this.walk = (picture, { key, target }) => {
            const step = ARROWS[key] * (direction() === "rtl" ? -1 : 1);
            const next = step > 0 ? target.nextElementSibling : target.previousElementSibling;
            if (!step || !next) return true;
            target.tabIndex = -1;
            next.tabIndex = 0;
            next.focus();
            return false;
        };
    }

    // Knockout's own bindings would take seconds for the thousand pieces that a row may have.
    ko.bindingHandlers.octoprintUptimePieces = {
        update(track, pieces) {
            const elements = pieces().map(element);
            if (elements.length > 0) elements[elements.length - 1].tabIndex = 0;
            track.replaceChildren(...elements);
        }
    };

    function element({ kind, place, length, marked, words }) {
        const piece = document.createElement("span");
        piece.className = `octoprint-uptime-piece octoprint-uptime-${kind}`;
        piece.classList.toggle("octoprint-uptime-marked", marked);
        piece.style.insetInlineStart = `min(${place}%, 100% - 2px)`; // however narrow, it is to be seen
        piece.style.inlineSize = `${length}%`;
        piece.tabIndex = -1;
        piece.setAttribute("role", "img");
        piece.setAttribute("aria-label", words);
        return piece;
    }

    Object.assign(window.OctoPrintUptime, { PictureViewModel });
})();
