// What machine and printer reported about an end, by the codes of docs/evidence.md: as a sentence that says who reported
// it, and as one line of advice.
(function () {
    const { gettext } = window.OctoPrintUptime;

    const SENTENCES = {
        usb_gone: () => gettext("The printer’s USB device had disappeared from the host."),
        usb_stayed: () => gettext("The host reports that the printer’s USB device stayed connected; the printer stopped answering."),
        usb_hub_gone: () => gettext("The printer’s USB device had disappeared from the host, and so had its hub or another device on it."),
        printer_power_on: () => gettext("The printer’s firmware reports a power-on: its power had been off."),
        printer_external_reset: () => gettext("The printer’s firmware reports an external reset."),
        printer_brown_out: () => gettext("The printer’s firmware reports a brown-out: its voltage had been too low."),
        printer_watchdog: () => gettext("The printer’s firmware reports a restart by its watchdog."),
        printer_software_reset: () => gettext("The printer’s firmware reports a restart by software."),
        out_of_memory: () => gettext("The kernel reports that memory ran out and that it stopped a program around that time."),
        power_on: () => gettext("The board reports that its power had been off."),
        warm_reset: () => gettext("The board reports a restart without a loss of power."),
        power_undervoltage: () => gettext("The board’s power chip reports that the supply voltage had been too low."),
        power_overtemperature: () => gettext("The board’s power chip reports overheating."),
        power_watchdog: () => gettext("The board’s power chip reports a restart by its watchdog."),
        undervoltage: () => gettext("Under-voltage had been reported beforehand.")
    };

    // The first whose codes were all reported.
    const ADVICE = [
        ["usb_gone undervoltage", () => gettext("Worth checking: the host’s power supply, the USB cable, the printer’s power supply.")],
        ["usb_hub_gone undervoltage", () => gettext("Worth checking: the host’s power supply, and how much power the USB devices draw.")],
        ["printer_brown_out undervoltage", () => gettext("Worth checking: the power supplies of the printer and the host.")],
        ["usb_gone", () => gettext("Worth checking: the USB cable, the hub, the printer’s power supply.")],
        ["usb_stayed", () => gettext("Worth checking: whether the printer was on, what its display shows, and its firmware.")],
        ["usb_hub_gone", () => gettext("Worth checking: the USB hub and its power supply, the other devices on it.")],
        ["printer_power_on", () => gettext("Worth checking: the printer’s power supply, its switch and its plug.")],
        ["printer_brown_out", () => gettext("Worth checking: the printer’s power supply and its cables.")],
        ["printer_watchdog", () => gettext("Worth checking: the printer’s firmware, and what was changed on the printer last.")],
        ["printer_software_reset", () => gettext("Worth checking: which commands were sent to the printer at that time.")],
        ["printer_external_reset", () => gettext("Worth checking: the USB cable, interference, other programs that use the port.")],
        ["out_of_memory", () => gettext("Worth checking: which programs need the memory of the host.")],
        ["power_undervoltage", () => gettext("Worth checking: the host’s power supply and its cable.")],
        ["power_overtemperature", () => gettext("Worth checking: the cooling of the host.")],
        ["power_on", () => gettext("Worth checking: the host’s power supply, its plug, the mains.")],
        ["power_watchdog", () => gettext("Worth checking: the host’s power supply, its card, what was changed last.")],
        ["warm_reset", () => gettext("Worth checking: the host’s power supply, its card, what was changed last.")],
        ["undervoltage", () => gettext("Worth checking: the host’s power supply and its cable.")]
    ];

    const codesOf = ({ evidence, undervoltage }) => [
        ...(evidence || []).filter((code) => code !== "undervoltage" && Object.keys(SENTENCES).includes(code)),
        ...(undervoltage ? ["undervoltage"] : [])
    ];

    // Each code of a session in a sentence.
    const sentences = (session) => codesOf(session).map((code) => SENTENCES[code]());

    // What is worth checking, "" if nothing was reported.
    function advice(session) {
        const codes = codesOf(session);
        const found = ADVICE.find(([needed]) => needed.split(" ").every((code) => codes.includes(code)));
        return found ? found[1]() : "";
    }
    Object.assign(window.OctoPrintUptime, { evidence: { sentences, advice } });
})();
