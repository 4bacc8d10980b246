import js from "@eslint/js";

// What the scripts may find on OctoPrint's page; any other name is a mistake.
const BROWSER = ["Blob", "IntersectionObserver", "ResizeObserver", "URL", "clearTimeout", "document", "performance", "setTimeout", "window"];
const OCTOPRINT = ["$", "BASEURL", "LOCALE", "OCTOPRINT_VIEWMODELS", "OctoPrint", "PNotify", "_", "gettext", "VERSION", "copyToClipboard", "ko", "showConfirmationDialog"];

export default [
    js.configs.recommended,
    {
        files: ["octoprint_uptime/static/js/**/*.js"],
        languageOptions: {
            // OctoPrint's own level. A browser that cannot parse one script loses those of all plugins.
            ecmaVersion: 2018,
            sourceType: "script",
            globals: Object.fromEntries([...BROWSER, ...OCTOPRINT].map((name) => [name, "readonly"]))
        },
        rules: {
            // In ES2018 there is no catch without a name for what was caught.
            "no-unused-vars": ["error", { caughtErrors: "none" }]
        }
    }
];
