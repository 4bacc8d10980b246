// The elements of a row of the timeline. Knockout's own bindings would take seconds for the thousand that it may have.
(function () {
    const ARROWS = { ArrowRight: 1, ArrowLeft: -1 };

    // Each piece is {key, kind, place, length, marked, narrow, words}; an element keeps its piece's key.
    ko.bindingHandlers.octoprintUptimePieces = {
        update(track, value) {
            const pieces = ko.unwrap(value());
            const former = new Map(Array.from(track.children, (element) => [element.dataset.key, element]));
            const focused = former.get((document.activeElement || track).dataset.key);
            const elements = pieces.map((piece) => drawn(former.get(piece.key) || document.createElement("span"), piece));
            if (elements.some((element, index) => element !== track.children[index]) || former.size !== elements.length) {
                track.replaceChildren(...elements);
                if (focused && elements.length > 0) (track.contains(focused) ? focused : track.lastChild).focus();
            }
            if (!track.querySelector("[tabindex='0']") && elements.length > 0) makeTabStop(track.lastChild);
        }
    };

    function drawn(element, { key, kind, place, length, marked, narrow, words }) {
        element.dataset.key = key;
        const classes = ["piece", kind, marked && "marked", narrow && "narrow"].filter(Boolean);
        element.className = classes.map((name) => `octoprint-uptime-${name}`).join(" ");
        element.style.insetInlineStart = `min(${place}%, 100% - 2px)`; // always at least 2 px wide
        element.style.inlineSize = `${length}%`;
        if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
        element.setAttribute("role", "img");
        element.setAttribute("aria-label", words);
        return element;
    }

    // A row has one tab stop; the arrow keys go from piece to piece.
    function makeTabStop(piece) {
        piece.parentElement.querySelectorAll("[tabindex='0']").forEach((other) => (other.tabIndex = -1));
        piece.tabIndex = 0;
    }

    // Whether the key moved the focus.
    function walk(piece, key, isRtl) {
        const step = ARROWS[key] * (isRtl ? -1 : 1);
        const next = step > 0 ? piece.nextElementSibling : piece.previousElementSibling;
        if (!step || !next) return false;
        next.focus();
        return true;
    }

    // Move the focus to the piece with this key in row number `index`.
    function focus(index, key) {
        const track = document.querySelectorAll(".octoprint-uptime-track")[index];
        Array.from(track.children).find((element) => element.dataset.key === key).focus();
    }

    const isPiece = (element) => element.matches(".octoprint-uptime-piece");
    Object.assign(window.OctoPrintUptime, { pieces: { makeTabStop, walk, focus, isPiece } });
})();
