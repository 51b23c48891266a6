// The experiment's JSON Schema as a flat list of fields that a form can draw. The schema is whole: no `$ref`. No DOM.

/** @typedef {Record<string, any>} Schema */
/** @typedef {{name: string, title: string, help: string, schema: Schema, settings: Field[]}} Choice */
/** @typedef {"number" | "integer" | "boolean" | "text" | "choice" | "part" | "set" | "list" | "section" | "other"} Kind a section: an object that may be absent */

/**
 * @typedef {object} Field
 * @property {string} path dotted, such as `training.learning_rate`; within a list's item or a part, from there
 * @property {Kind} kind
 * @property {string} title
 * @property {string} help
 * @property {string} unit
 * @property {unknown} default
 * @property {boolean} nullable null is a value: off, or none
 * @property {number | null} minimum
 * @property {number | null} maximum
 * @property {boolean} open_minimum the minimum itself is excluded
 * @property {boolean} open_maximum
 * @property {Choice[]} choices of a choice, a part or a set
 * @property {string} part_kind which registry a part is of, such as `optimizer`
 * @property {Field[]} item fields of a list's items, or of a section
 */

/**
 * Every field of an object's schema, the objects within it taken apart.
 *
 * @param {Schema} schema an object's
 * @param {string} [prefix]
 * @returns {Field[]}
 */
export function fieldsOf(schema, prefix = "") {
  /** @type {Field[]} */
  const fields = [];
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (property.properties && !property.properties.name) fields.push(...fieldsOf(property, path));
    else fields.push(fieldOf(property, path));
  }
  return fields;
}

/**
 * @param {Field[]} fields
 * @param {string} path `network.hidden.3.units` finds the field of the list's items
 * @returns {Field | undefined}
 */
export function fieldAt(fields, path) {
  for (const field of fields) {
    if (field.path === path) return field;
    if (!path.startsWith(`${field.path}.`)) continue;
    const rest = path.slice(field.path.length + 1);
    const inner = field.kind === "list" ? rest.replace(/^(\d+|all)\./, "") : rest;
    const settings = field.kind === "part" ? field.choices.flatMap((choice) => choice.settings) : field.item;
    const found = fieldAt(settings, inner);
    if (found) return found;
  }
  return undefined;
}

/**
 * The settings of a part's choice.
 *
 * @param {Field} field
 * @param {string} name
 * @returns {Field[]}
 */
export function settingsOf(field, name) {
  return field.choices.find((choice) => choice.name === name)?.settings ?? [];
}

/**
 * What a person typed, as a value of the field; undefined where it can't be one.
 *
 * @param {Field} field
 * @param {string} text
 * @returns {unknown}
 */
export function valueOf(field, text) {
  const trimmed = text.trim();
  if (trimmed === "") return field.nullable ? null : undefined;
  if (field.kind !== "number" && field.kind !== "integer") return trimmed;
  const number = Number(trimmed.replace(/\u2212/g, "-").replace(",", "."));
  if (!Number.isFinite(number)) return undefined;
  return number;
}

/**
 * @param {Schema} property
 * @param {string} path
 * @returns {Field}
 */
function fieldOf(property, path) {
  const { schema, nullable } = withoutNull(property);
  const parts = partsIn(schema);
  const items = schema.items ?? {};
  const minimum = schema.exclusiveMinimum ?? schema.minimum ?? null;
  const maximum = schema.exclusiveMaximum ?? schema.maximum ?? null;
  return {
    path,
    kind: kindOf(schema, items, parts),
    title: property.title ?? schema.title ?? path.split(".").at(-1) ?? path,
    help: property.description ?? schema.description ?? "",
    unit: property["x-unit"] ?? schema["x-unit"] ?? "",
    default: property.default ?? schema.default ?? null,
    nullable,
    minimum,
    maximum,
    open_minimum: schema.exclusiveMinimum !== undefined,
    open_maximum: schema.exclusiveMaximum !== undefined,
    part_kind: schema["x-kind"] ?? "",
    choices: parts.length > 0 ? parts : namedChoices(schema.enum ? schema : items, property),
    item: items.properties ? fieldsOf(items) : kindOf(schema, items, parts) === "section" ? fieldsOf(schema) : [],
  };
}

/**
 * @param {Schema} schema
 * @param {Schema} items
 * @param {Choice[]} parts
 * @returns {Kind}
 */
function kindOf(schema, items, parts) {
  if (parts.length > 0) return "part";
  if (schema.enum) return "choice";
  if (schema.type === "object" && schema.properties) return "section";
  if (schema.type === "array") return items.properties ? "list" : items.enum ? "set" : "other";
  if (schema.type === "number" || schema.type === "integer" || schema.type === "boolean") return schema.type;
  return schema.type === "string" ? "text" : "other";
}

/**
 * @param {Schema} schema
 * @param {Schema} property where a schema of its own words for each name may stand
 * @returns {Choice[]}
 */
function namedChoices(schema, property) {
  const titles = property["x-titles"] ?? schema["x-titles"] ?? {};
  return (schema.enum ?? []).map((/** @type {unknown} */ name) => ({
    name: String(name),
    title: titles[String(name)] ?? String(name).replaceAll("_", " "),
    help: property["x-help"]?.[String(name)] ?? "",
    schema: {},
    settings: [],
  }));
}

/**
 * The parts that a schema lets one choose from: alternatives whose `name` is a constant.
 *
 * @param {Schema} schema
 * @returns {Choice[]}
 */
function partsIn(schema) {
  /** @type {Choice[]} */
  const parts = [];
  for (const part of schema.oneOf ?? []) {
    const name = part.properties?.name?.const;
    if (typeof name !== "string") continue;
    const { name: _, ...properties } = part.properties;
    const title = part.title ?? name.replaceAll("_", " ");
    parts.push({ name, title, help: part.description ?? "", schema: part, settings: fieldsOf({ properties }) });
  }
  return parts;
}

/**
 * A schema, and whether it was one of two alternatives of which the other is null.
 *
 * @param {Schema} property
 * @returns {{schema: Schema, nullable: boolean}}
 */
function withoutNull(property) {
  const { anyOf, ...around } = property;
  const others = (anyOf ?? []).filter((/** @type {Schema} */ one) => one.type !== "null");
  if (!anyOf || others.length === anyOf.length) return { schema: property, nullable: false };
  return { schema: others.length === 1 ? { ...others[0], ...around } : { ...around, anyOf: others }, nullable: true };
}
