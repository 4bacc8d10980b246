// Objects that stay the same while what they show does: Knockout then leaves their elements, and the focus, alone.
(function () {
    // A computed value that counts as changed only if `isSame` says so.
    function stable(read, isSame = (one, other) => one === other) {
        const computed = ko.pureComputed(read);
        computed.equalityComparer = isSame;
        return computed;
    }

    // A function that makes a view of each item of a list; the items of the last list keep theirs.
    function reusing(make) {
        let kept = new Map();
        return (items) => {
            const next = new Map();
            items.forEach((item) => {
                const key = JSON.stringify(item);
                next.set(key, kept.get(key) || make(item));
            });
            kept = next;
            return Array.from(next.values());
        };
    }
    Object.assign(window.OctoPrintUptime, { stable, reusing });
})();
