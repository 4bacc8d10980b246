// All dates and times, in the page's language and the reader's time zone.
(function () {
    const { durations } = window.OctoPrintUptime;

    const MINUTE_MS = 60000;
    const HOUR_MS = 3600000;
    const DAY_MS = 86400000;

    const TICKS = {
        hour: { hour: "numeric" },
        weekday: { weekday: "short" },
        day: { month: "short", day: "numeric" },
        month: { year: "numeric", month: "short" }
    };

    // `elsewhere` is whether the server has another time zone than the reader, `today` when the reader's day began.
    function makeDates({ locale, elsewhere, today }) {
        const tag = `${durations.languageTag(locale)}-u-nu-latn`;
        const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
        const hourDigits = digitsOfHours(tag);
        const formatters = new Map(); // making one takes as long as using it a hundred times

        function spell(at, options) {
            const key = JSON.stringify(options);
            if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(tag, options));
            return formatters.get(key).format(new Date(at)).replace(/(:\d\d) /g, "$1\u00a0"); // AM stays with its time
        }

        const timeOfDay = (zoned) => ({ hour: hourDigits, minute: "2-digit", timeZoneName: zoned ? "short" : undefined });
        const isZoned = (from, to = from) => elsewhere() || changesOffset(from, to);

        // "Tue, Nov 24"; with its year if it isn't this year.
        function dated(at) {
            const year = new Date(at).getFullYear() === new Date(today()).getFullYear() ? undefined : "numeric";
            return { weekday: "short", year, month: "short", day: "numeric" };
        }

        // "Tue, Nov 24, 3:12 AM"
        const moment = (at, zoned = isZoned(at)) => spell(at, { ...dated(at), ...timeOfDay(zoned) });

        // A word for today and yesterday, and for no other day.
        function word(at) {
            const days = Math.round((today() - new Date(at).setHours(0, 0, 0, 0)) / DAY_MS);
            return days === 0 || days === 1 ? relative.format(-days, "day") : "";
        }

        // "yesterday, 10:04 PM", as the language puts a date and a time together.
        function near(at, zoned = isZoned(at)) {
            const day = { year: "numeric", month: "numeric", day: "numeric" };
            if (!word(at)) return moment(at, zoned);
            return spell(at, { ...day, ...timeOfDay(zoned) }).replace(spell(at, day), word(at));
        }

        // Two moments; what they have in common is said once. `day` is empty if they are on two days.
        function range(from, to, tell) {
            const zoned = isZoned(from, to);
            if (!isSameDay(from, to)) return { day: "", from: tell(from, zoned), to: tell(to, zoned) };
            // One zone is said once, two are said with their times.
            const start = spell(from, timeOfDay(changesOffset(from, to)));
            return { day: word(from) || spell(from, dated(from)), from: start, to: until(from, to) };
        }

        // The second of two moments, after the first one as a `moment`.
        function until(from, to) {
            const zoned = isZoned(from, to);
            return isSameDay(from, to) ? spell(to, timeOfDay(zoned)) : moment(to, zoned);
        }

        const isSameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();

        // A time of today, or a day: as short as the badge needs it.
        const brief = (at) => (isSameDay(at, today()) ? spell(at, timeOfDay(false)) : spell(at, TICKS.day));

        const isSameMinute = (one, other) => Math.floor(one / MINUTE_MS) === Math.floor(other / MINUTE_MS);
        const now = () => relative.format(0, "second");
        const tick = (at, unit) => spell(at, TICKS[unit]);
        return { moment, near, range, until, brief, isSameMinute, now, tick };
    }

    // Whether summer time begins or ends around there, so that a time of day may be two moments.
    function changesOffset(from, to) {
        return new Date(from - HOUR_MS).getTimezoneOffset() !== new Date(to + HOUR_MS).getTimezoneOffset();
    }

    // Whether the language writes nine o'clock as 9:00 or 09:00: next to a date, Intl may do otherwise.
    function digitsOfHours(tag) {
        const nine = new Intl.DateTimeFormat(tag, { timeStyle: "short" }).formatToParts(new Date(2026, 0, 1, 9));
        return nine.some(({ type, value }) => type === "hour" && value.length === 2) ? "2-digit" : "numeric";
    }
    Object.assign(window.OctoPrintUptime, { makeDates });
})();
