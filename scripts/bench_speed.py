"""How fast this machine is, from a fixed piece of work that has nothing to do with the plugin; a part of bench.py."""

import json
import timeit

# What the work takes, in ms, on the machine that the budgets are for.
PYTHON_MS, BROWSER_MS = 0.41, 0.37
TIMES = 50
TIME_UNITS = ("µs", "ms", "s")

NUMBERS = list(range(2000))

WORK_JS = """(times) => {
    const numbers = Array.from({ length: 2000 }, (_, number) => number);
    const took = [];
    for (let i = 0; i < times; i += 1) {
        const started = performance.now();
        for (let j = 0; j < 20; j += 1) {
            const words = JSON.parse(JSON.stringify(numbers.map((number) => `${number * 7919} hours`)));
            words.sort().join(", ").replace(/(\\d+) hours/g, (whole, digits) => digits.length);
        }
        took.push((performance.now() - started) / 20);
    }
    return Math.min(...took);
}"""


def work():
    words = json.loads(json.dumps([f"{number * 7919} hours" for number in NUMBERS]))
    return ", ".join(sorted(words)).replace("hours", "h")


def python_slowness():
    """How many times as long as the machine of the budgets this one takes, in Python."""
    return 1000 * min(timeit.repeat(work, number=1, repeat=TIMES)) / PYTHON_MS


def browser_slowness(page):
    """The same in a page of Chromium."""
    return page.evaluate(WORK_JS, TIMES) / BROWSER_MS
