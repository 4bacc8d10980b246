/**
 * Which small changes of a script a test should notice; a part of mutants.py.
 *
 * node mutants_javascript.mjs SCRIPT...   prints for each of them [[start, end, new], ...], counted in characters
 */
import { readFileSync } from "node:fs";
import { parse } from "espree";
import { KEYS } from "eslint-visitor-keys";

const OPERATORS = {
    "<": ["<=", ">"],
    "<=": ["<", ">"],
    ">": [">=", "<"],
    ">=": [">", "<"],
    "===": ["!=="],
    "!==": ["==="],
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["*"],
    "+=": ["-="],
    "-=": ["+="],
    "&&": ["||"],
    "||": ["&&"]
};
const AMOUNT = 100;
const TWINS = { "Math.max": "Math.min", "Math.min": "Math.max" };
const METHODS = { some: "every", every: "some" };

const PLAIN = ["Identifier", "MemberExpression", "CallExpression"];

function editsOf(text) {
    const found = new Map();
    const of = (node) => text.slice(node.start, node.end);
    const add = (start, end, replacement) => {
        if (text.slice(start, end) !== replacement) found.set(`${start} ${end} ${replacement}`, [start, end, replacement]);
    };
    const replace = (node, replacement) => add(node.start, node.end, replacement);
    const change = { text, of, add, replace };
    walk(parse(text, { ecmaVersion: "latest" }), null, (node, parent) => MUTATIONS[node.type]?.(change, node, parent));
    return [...found.values()]
        .filter(([start, end, replacement]) => parses(text.slice(0, start) + replacement + text.slice(end)))
        .map(([start, end, replacement]) => [characters(text, start), characters(text, end), replacement]);
}

function walk(node, parent, visit) {
    visit(node, parent);
    for (const key of KEYS[node.type]) {
        for (const child of [node[key]].flat()) {
            if (child && !(key === "key" && !node.computed)) walk(child, node, visit);
        }
    }
}

function parses(text) {
    try {
        return Boolean(parse(text, { ecmaVersion: "latest" }));
    } catch (error) {
        return false;
    }
}

/** Python counts a character outside the basic plane once. */
function characters(text, position) {
    return [...text.slice(0, position)].length;
}

/** One more and one less; for what is rather an amount than a count, twice and half of it. */
function nearby(number) {
    return number < AMOUNT ? [number + 1, number - 1] : [number * 2, Math.floor(number / 2)];
}

/** Replace the operator between two operands. */
function operator({ text, add }, node, left, right) {
    const start = text.indexOf(node.operator, left.end);
    if (start >= right.start) return;
    for (const other of OPERATORS[node.operator] || []) add(start, start + node.operator.length, other);
}

/** Negate what no other mutation negates. */
function condition({ of, replace }, node) {
    if (node.test && PLAIN.includes(node.test.type)) replace(node.test, `!(${of(node.test)})`);
}

const remove = ({ replace }, node) => replace(node, ";");

const MUTATIONS = {
    BinaryExpression: (change, node) => operator(change, node, node.left, node.right),
    LogicalExpression(change, node) {
        operator(change, node, node.left, node.right);
        const neutral = node.operator === "&&" ? "true" : "false";
        change.replace(node.left, neutral);
        change.replace(node.right, neutral);
    },
    AssignmentExpression: (change, node) => operator(change, node, node.left, node.right),
    UpdateExpression: ({ of, replace }, node) =>
        replace(node, of(node).replace(node.operator, node.operator === "++" ? "--" : "++")),
    UnaryExpression({ of, replace }, node) {
        if ("!-".includes(node.operator)) replace(node, of(node.argument));
    },
    Literal({ replace }, node, parent) {
        if (typeof node.value === "boolean") replace(node, String(!node.value));
        else if (typeof node.value === "number") nearby(node.value).forEach((number) => replace(node, `${number}`));
        else if (typeof node.value === "string" && !parent.directive) replace(node, node.value ? '""' : '"mutant"');
    },
    CallExpression({ text, of, add, replace }, node) {
        const [first, second] = node.arguments;
        if (second && ![first, second].some((one) => one.type === "SpreadElement")) {
            add(first.start, second.end, of(second) + text.slice(first.end, second.start) + of(first));
        }
        const name = of(node.callee);
        if (TWINS[name]) {
            replace(node.callee, TWINS[name]);
            if (second) node.arguments.forEach((one) => replace(node, `(${of(one).replace(/^\.\.\./, "")})`));
        }
        const { property } = node.callee;
        if (property && METHODS[property.name]) replace(property, METHODS[property.name]);
    },
    ConditionalExpression(change, node) {
        change.replace(node, `(${change.of(node.consequent)})`);
        change.replace(node, `(${change.of(node.alternate)})`);
        condition(change, node);
    },
    IfStatement: condition,
    WhileStatement: condition,
    ForStatement: condition,
    ReturnStatement: ({ replace }, node) => replace(node, node.argument ? "return null;" : ";"),
    ArrowFunctionExpression({ replace }, node) {
        if (node.body.type !== "BlockStatement") replace(node.body, "null");
    },
    ExpressionStatement(change, node, parent) {
        if (!node.directive && parent.type !== "Program") remove(change, node); // else there is no script left
    },
    ThrowStatement: remove,
    BreakStatement: remove,
    ContinueStatement: remove
};

const texts = process.argv.slice(2).map((path) => [path, editsOf(readFileSync(path, "utf8"))]);
console.log(JSON.stringify(Object.fromEntries(texts)));
