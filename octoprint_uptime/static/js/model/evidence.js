// What machine and printer reported about an end, by the codes of docs/evidence.md: as a sentence that says who reported
// it, and as one line of advice.
(function () {
    const { gettext } = window.OctoPrintUptime;

    const SENTENCES = {
        usb_gone: () => gettext("The printer’s USB device had disappeared from the host."),
        usb_stayed: () => gettext("The host reports that the printer’s USB device stayed connected, but the printer stopped responding."),
        usb_hub_gone: () => gettext("The printer’s USB device had disappeared from the host, and so had its hub or another device on that hub."),
        printer_power_on: () => gettext("The printer’s firmware reports a power-on: the printer’s power had been off."),
        printer_external_reset: () => gettext("The printer’s firmware reports an external reset."),
        printer_brown_out: () => gettext("The printer’s firmware reports a brown-out: the printer’s voltage had been too low."),
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
        ["usb_gone undervoltage", () => gettext("Worth checking: the host’s power supply, the USB cable, and the printer’s power supply.")],
        ["usb_hub_gone undervoltage", () => gettext("Worth checking: the host’s power supply, and how much power the USB devices draw.")],
        ["printer_brown_out undervoltage", () => gettext("Worth checking: the power supplies of the printer and the host.")],
        ["usb_gone", () => gettext("Worth checking: the USB cable, the hub, and the printer’s power supply.")],
        ["usb_stayed", () => gettext("Worth checking: whether the printer was on, what its display shows, and its firmware.")],
        ["usb_hub_gone", () => gettext("Worth checking: the USB hub, its power supply, and the other devices on it.")],
        ["printer_power_on", () => gettext("Worth checking: the printer’s power supply, its switch and its plug.")],
        ["printer_brown_out", () => gettext("Worth checking: the printer’s power supply and its cables.")],
        ["printer_watchdog", () => gettext("Worth checking: the printer’s firmware, and what was changed on the printer last.")],
        ["printer_software_reset", () => gettext("Worth checking: which commands were sent to the printer at that time.")],
        ["printer_external_reset", () => gettext("Worth checking: the USB cable, interference, and other programs that use the port.")],
        ["out_of_memory", () => gettext("Worth checking: which programs use up the host’s memory.")],
        ["power_undervoltage", () => gettext("Worth checking: the host’s power supply and its cable.")],
        ["power_overtemperature", () => gettext("Worth checking: the host’s cooling.")],
        ["power_on", () => gettext("Worth checking: the host’s power supply, its plug, and the mains.")],
        ["power_watchdog", () => gettext("Worth checking: the host’s power supply, its SD card, and what was changed last.")],
        ["warm_reset", () => gettext("Worth checking: the host’s power supply, its SD card, and what was changed last.")],
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
