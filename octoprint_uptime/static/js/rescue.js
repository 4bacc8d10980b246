// OctoPrint 1.10 reports an error in a plugin's script under a name that it never defined. That makes another error,
// which ends the scripts of all plugins later in the alphabet. Loaded before them all.
window.exc = window.exc || { message: "an unknown error", stack: " " };
