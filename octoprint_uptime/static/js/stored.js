/**
 * What this browser remembers.
 */
(function () {
    /**
     * An observable that outlives the page, and follows what other windows of this browser store under its name.
     * Where nothing may be stored it lives as long as the page.
     *
     * @param {string} name
     * @param {string} initial its value while nothing is stored
     * @returns {ko.observable<string>}
     */
    function stored(name, initial) {
        // One host may have several OctoPrints, below different paths.
        const key = `octoprint_uptime.${name} ${BASEURL}`;
        const value = ko.observable(read(key) || initial);
        value.subscribe((text) => write(key, text));
        window.addEventListener("storage", (event) => event.key === key && value(event.newValue || initial));
        return value;
    }

    function read(key) {
        try {
            return window.localStorage.getItem(key);
        } catch (error) {
            return null; // switched off
        }
    }

    function write(key, text) {
        try {
            window.localStorage.setItem(key, text);
        } catch (error) {
            // Switched off, or full.
        }
    }

    Object.assign(window.OctoPrintUptime, { stored });
})();
