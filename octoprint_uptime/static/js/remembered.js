// What this browser remembers.
(function () {
    // An observable that outlives the page, if the browser lets it, and follows other windows of this browser. `parse`
    // makes a valid value of any text and of null: other programs and former versions of this page may have stored it.
    function remembered(name, parse) {
        // One host may have several OctoPrints, below different paths.
        const key = `octoprint_uptime.${name} ${BASEURL}`;
        const value = ko.observable(parse(read(key)));
        value.subscribe((changed) => write(key, typeof changed === "string" ? changed : JSON.stringify(changed)));
        window.addEventListener("storage", (event) => {
            if (event.key === key || event.key === null) value(parse(event.newValue)); // null: all was deleted
        });
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
            if (window.localStorage.getItem(key) !== text) window.localStorage.setItem(key, text);
        } catch (error) {
            // Switched off, or full.
        }
    }
    Object.assign(window.OctoPrintUptime, { remembered });
})();
