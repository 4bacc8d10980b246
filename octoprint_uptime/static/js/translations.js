/**
 * The translations of the page, and English in the place of those that cannot be used.
 */
(function () {
    const found = new Map();

    /**
     * What the scripts call instead of OctoPrint's gettext: a language pack may bring any text, and one that cannot
     * be filled in would stop the view model that shows it.
     */
    function gettext(message) {
        if (!found.has(message)) found.set(message, translated(message));
        return found.get(message);
    }

    /** A translation has the placeholders of its message, neither more nor less. */
    function translated(message) {
        const translation = window.gettext(message);
        return placeholders(translation) === placeholders(message) ? translation : message;
    }

    function placeholders(text) {
        return (text.match(/%\(\w+\)s|%/g) || []).sort().join();
    }

    Object.assign(window.OctoPrintUptime, { gettext });
})();
