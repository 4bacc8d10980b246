/**
 * Which small changes of a script a test should notice; a part of mutants.py.
 *
 * node mutants_javascript.mjs SCRIPT...
 *
 * Prints for each of them `edits`, [[start, end, new, statement], ...] counted in characters, where `statement` is the
 * key of what runs when a function is called, null for what runs when the script is loaded; and `recording`, the
 * script's text where each of these adds its key to the set `reached` first.
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

const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];
const PLAIN = ["Identifier", "MemberExpression", "CallExpression"];

function examine(text) {
    const edits = new Map();
    const insertions = [[0, "window.reached = window.reached || new Set(); "]];
    const of = (node) => text.slice(node.start, node.end);
    let key = null;
    const add = (start, end, replacement) => {
        if (text.slice(start, end) !== replacement) {
            edits.set(`${start} ${end} ${replacement}`, [start, end, replacement, key]);
        }
    };
    const replace = (node, replacement) => add(node.start, node.end, replacement);
    const change = { text, of, add, replace };
    walk(parse(text, { ecmaVersion: "latest", loc: true }), [], null, (node, parents, above) => {
        key = keyOf(node, parents, above, (start, before, end, after) => {
            insertions.push([start, before]);
            if (after) insertions.push([end, after]);
        });
        MUTATIONS[node.type]?.(change, node, parents[0]);
        return key;
    });
    return { edits: kept(text, [...edits.values()]), recording: inserted(text, insertions) };
}

/** Visit each node with its parents, the closest first, and what the visit of its parent returned. */
function walk(node, parents, above, visit) {
    const here = visit(node, parents, above);
    for (const name of KEYS[node.type]) {
        for (const child of [node[name]].flat()) {
            if (child && !(name === "key" && !node.computed)) walk(child, [node, ...parents], here, visit);
        }
    }
}

/** The key of the closest statement or body of an arrow function; where one begins, it is made to record itself. */
function keyOf(node, parents, above, insert) {
    const [parent] = parents;
    const key = `${node.loc.start.line}:${node.loc.start.column}`;
    if (!parents.some((one) => FUNCTIONS.includes(one.type) && !isScript(one, parents))) return null;
    if (parent.type === "ArrowFunctionExpression" && node === parent.body && node.type !== "BlockStatement") {
        insert(node.start, `(window.reached.add("${key}"), `, node.end, ")");
        return key;
    }
    if (parent.type !== "BlockStatement" || node.directive) return above;
    insert(node.start, `window.reached.add("${key}"); `);
    return key;
}

/** Whether it is the function around a whole script. */
function isScript(node, parents) {
    return parents[parents.indexOf(node) + 3]?.type === "Program" && parents[parents.indexOf(node) + 1].callee === node;
}

function kept(text, edits) {
    return edits
        .filter(([start, end, replacement]) => parses(text.slice(0, start) + replacement + text.slice(end)))
        .map(([start, end, ...others]) => [characters(text, start), characters(text, end), ...others]);
}

function inserted(text, insertions) {
    let result = text;
    for (const [position, part] of insertions.sort(([one], [other]) => one - other).reverse()) {
        result = result.slice(0, position) + part + result.slice(position);
    }
    return result;
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
        const twin = TWINS[of(node.callee)];
        if (twin) {
            replace(node.callee, twin);
            if (second) node.arguments.forEach((one) => replace(node, `(${of(one).replace(/^\.\.\./, "")})`));
        } else if (second && ![first, second].some((one) => one.type === "SpreadElement")) {
            add(first.start, second.end, of(second) + text.slice(first.end, second.start) + of(first));
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

const texts = process.argv.slice(2).map((path) => [path, examine(readFileSync(path, "utf8"))]);
console.log(JSON.stringify(Object.fromEntries(texts)));
