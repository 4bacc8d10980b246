/**
 * Where the bars of the timeline lie: one axis from the oldest start to now.
 */
(function () {
    /**
     * @param {Array<number|null>} ages seconds since each start, null for what has not started
     * @returns {Array<number>} the length of each bar in percent of the axis, to a tenth: finer steps
     *     are not seen, and each one would make the browser lay out the page again
     */
    function barLengths(ages) {
        const oldest = Math.max(...ages.map((age) => age || 0), 1);
        return ages.map((age) => Math.round((1000 * (age || 0)) / oldest) / 10);
    }

    /** Which bar is the longest. */
    function oldest(lengths) {
        return lengths.indexOf(Math.max(...lengths));
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, {
        timeline: { barLengths, oldest }
    });
})();
