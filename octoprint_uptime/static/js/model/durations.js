// Seconds to text in any language, such as "1d 2h 3m 4s". The twin of durations.py, function for function: both use
// the server's table of patterns.
(function () {
    const UNITS = { day: 86400, hour: 3600, minute: 60, second: 1 };

    const FORMATS = {
        full: ["day", "hour", "minute", "second"],
        dhm: ["day", "hour", "minute"],
        dh: ["day", "hour"],
        d: ["day"],
        short: ["day", "hour", "minute", "second"]
    };

    const NO_DURATION = "–";

    const patternsByLocale = new Map();
    const pluralRulesByLocale = new Map();
    const spelledParts = new Map();

    // Spell a duration; an en dash if there is none, or no pattern yet. A fraction is cut; `format` is a key of FORMATS,
    // `style` "narrow" or "long", `locale` OctoPrint's name, such as "pt_BR".
    function formatDuration(seconds, format, style, locale) {
        return spellParts(durationParts(seconds, format), style, locale);
    }

    // Spell its two largest units, without a zero at the end: "5 minutes", "1 day 2 hours".
    function roughDuration(seconds, style, locale) {
        const parts = durationParts(seconds, "short");
        return spellParts(parts && parts.filter(([, count], index) => index === 0 || count > 0), style, locale);
    }

    function spellParts(parts, style, locale) {
        if (parts === null || !patternsByLocale.has(locale)) return NO_DURATION;
        const texts = parts.map(([unit, count]) => spellPart(unit, count, style, locale));
        return joinParts(texts, durationPatterns(locale).join[style]);
    }

    function joinParts(texts, join) {
        const last = texts[texts.length - 1];
        if (texts.length === 1) return last;
        const beforeLast = /^[0-9]/.test(last) ? join.before_number : join.before_word;
        return texts.slice(0, -1).join(join.between) + beforeLast + last;
    }

    // What was spelled is kept: Intl is slow.
    function spellPart(unit, count, style, locale) {
        const key = `${count} ${unit} ${style} ${locale}`;
        let text = spelledParts.get(key);
        if (text === undefined) {
            const patterns = durationPatterns(locale)[style][unit];
            text = patternFor(patterns, pluralRule(locale).select(count)).replace("{0}", String(count));
            spelledParts.set(key, text);
        }
        return text;
    }

    // [[unit, count], …] without leading zeros, always with the smallest unit; null for no duration.
    function durationParts(seconds, format) {
        let remaining = wholeSeconds(seconds);
        if (remaining === null) return null;
        const units = FORMATS[format];
        const smallest = units[units.length - 1];
        const parts = [];
        for (const unit of units) {
            const count = Math.floor(remaining / UNITS[unit]);
            remaining %= UNITS[unit];
            if (count > 0 || parts.length > 0 || unit === smallest) parts.push([unit, count]);
        }
        return format === "short" ? parts.slice(0, 2) : parts;
    }

    const wholeSeconds = (seconds) => (Number.isFinite(seconds) && seconds >= 0 ? Math.trunc(seconds) : null);

    const patternFor = (patterns, category) => patterns[category] || patterns.other;

    // All spellings of a locale: {style: {unit: {plural category: "{0}d"}}, join: {style: {place: " "}}}.
    const durationPatterns = (locale) => patternsByLocale.get(locale);

    function setDurationPatterns(locale, patterns) {
        patternsByLocale.set(locale, patterns);
        spelledParts.clear();
    }

    function pluralRule(locale) {
        if (!pluralRulesByLocale.has(locale)) {
            // In CLDR, Portuguese outside Brazil counts as in Portugal; Intl knows that of "pt-PT" alone.
            const tag = languageTag(locale).replace(/^pt-(?!BR$)[A-Z]{2}$/, "pt-PT");
            pluralRulesByLocale.set(locale, new Intl.PluralRules(tag));
        }
        return pluralRulesByLocale.get(locale);
    }

    // OctoPrint's name of a locale ("pt_BR", or "None" for none) as a tag for Intl. Plain "pt" is Portugal, as in our
    // catalogs, where CLDR means Brazil; what Intl does not know is English.
    function languageTag(locale) {
        const name = locale === "pt" ? "pt-PT" : String(locale).replace(/_/g, "-");
        try {
            const [tag] = Intl.PluralRules.supportedLocalesOf([name]);
            return tag || "en";
        } catch (error) {
            return "en"; // not a language tag at all
        }
    }

    // Seconds in the smallest unit that a format shows, a minute at most: all clocks are drawn with the youngest.
    function smallestUnit(seconds, format) {
        const showsSeconds = format === "full" || (format === "short" && seconds < UNITS.hour);
        return showsSeconds ? UNITS.second : UNITS.minute;
    }
    const durations = {
        FORMATS, formatDuration, roughDuration, smallestUnit, durationPatterns, setDurationPatterns, languageTag
    };
    window.OctoPrintUptime = { durations };
})();
