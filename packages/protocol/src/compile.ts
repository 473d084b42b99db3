import {
  $ZodArray,
  $ZodBoolean,
  $ZodCheckGreaterThan,
  $ZodCheckLessThan,
  $ZodCheckMaxLength,
  $ZodCheckMinLength,
  $ZodCheckStringFormat,
  $ZodCustom,
  $ZodDiscriminatedUnion,
  $ZodEnum,
  $ZodLiteral,
  $ZodNullable,
  $ZodNumberFormat,
  $ZodObject,
  $ZodOptional,
  $ZodString,
  $ZodStringFormat,
  type $ZodCheck,
  type $ZodType,
  type output,
} from 'zod/v4/core';

/** Says at once that a value is valid and needs no change; false may also mean that nobody knows. */
type Accepts = (value: unknown) => boolean;
type Schema = $ZodType;

const acceptNothing: Accepts = () => false;

/** What zod's core describes to those who walk its schemas. */
const internalsOf = <Internals>({ _zod }: { readonly _zod: Internals }): Internals => _zod;
const defOf = <Def>({ _zod: { def } }: { readonly _zod: { readonly def: Def } }): Def => def;

/**
 * Makes a quick check of a schema, for values that were read from JSON. It accepts only what the schema accepts and gives back as it is; what it does not accept
 * the schema itself has to judge. It knows the kinds of schema that messages of clients are made of, and accepts nothing that
 * contains another kind.
 */
export function compile<Type extends $ZodType>(schema: Type): (value: unknown) => value is output<Type> {
  const accepts = compileSchema(schema);
  return (value): value is output<Type> => accepts(value);
}

function compileSchema(schema: Schema): Accepts {
  if (schema instanceof $ZodDiscriminatedUnion) return compileUnion(schema);
  if (schema instanceof $ZodObject) return compileObject(schema);
  if (schema instanceof $ZodArray) return compileArray(schema);
  if (schema instanceof $ZodNullable) {
    const accepts = compileSchema(defOf(schema).innerType);
    return (value) => value === null || accepts(value);
  }
  if (schema instanceof $ZodLiteral) return compileValues(internalsOf(schema));
  if (schema instanceof $ZodEnum) return compileValues(internalsOf(schema));
  if (schema instanceof $ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof $ZodString) return compileString(schema);
  if (schema instanceof $ZodNumberFormat) return compileInteger(schema);
  return acceptNothing;
}

const compileValues =
  ({ values }: { readonly values: ReadonlySet<unknown> }): Accepts =>
  (value) =>
    typeof value === 'string' && values.has(value);

/** Of options without another one inside, by their literal. */
function compileUnion(schema: $ZodDiscriminatedUnion): Accepts {
  const { options, discriminator } = defOf(schema);
  const byLiteral = new Map<unknown, Accepts>();
  for (const option of options) {
    const accepts = compileSchema(option);
    for (const literal of internalsOf(option).propValues?.[discriminator] ?? [])
      byLiteral.set(literal, accepts);
  }
  return (value) => isRecord(value) && (byLiteral.get(value[discriminator])?.(value) ?? false);
}

function compileObject(schema: $ZodObject): Accepts {
  const { shape, catchall, checks } = defOf(schema);
  const isClosed = catchall !== undefined && defOf(catchall).type === 'never';
  if (!isClosed || hasAny(checks)) return acceptNothing;
  const fields = Object.entries(shape).map(([key, field]) => {
    const isOptional = field instanceof $ZodOptional;
    return { key, isOptional, accepts: compileSchema(isOptional ? defOf(field).innerType : field) };
  });
  return (value) => {
    if (!isRecord(value)) return false;
    let count = 0;
    for (const { key, isOptional, accepts } of fields) {
      const field = value[key];
      if (field === undefined && isOptional) continue;
      if (!accepts(field)) return false;
      count += 1;
    }
    // As many keys of its own as there are fields: then there is no other.
    return Object.keys(value).length === count;
  };
}

/** Of a bounded length, looked at before the elements: what is too long costs nothing. */
function compileArray(schema: $ZodArray): Accepts {
  const { element, checks } = defOf(schema);
  const accepts = compileSchema(element);
  const tests = (checks ?? []).map((check) => readLength(check) ?? acceptNothing);
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const test of tests) if (!test(value)) return false;
    // By number, so that a place without an element is looked at, too.
    for (let n = 0; n < value.length; n += 1) if (!accepts(value[n])) return false;
    return true;
  };
}

/** Null: the check is about something else. */
function readLength(check: $ZodCheck): ((value: { readonly length: number }) => boolean) | null {
  if (check instanceof $ZodCheckMinLength) {
    const { minimum } = defOf(check);
    return ({ length }) => length >= minimum;
  }
  if (check instanceof $ZodCheckMaxLength) {
    const { maximum } = defOf(check);
    return ({ length }) => length <= maximum;
  }
  return null;
}

function compileString(schema: $ZodString): Accepts {
  const def = defOf(schema);
  const checks = [...(def.checks ?? [])];
  const own = schema instanceof $ZodStringFormat ? [schema] : [];
  const tests = [...own, ...checks].map(compileStringCheck);
  return (value) => {
    if (typeof value !== 'string') return false;
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

function compileStringCheck(check: $ZodCheck<string> | $ZodStringFormat): (value: string) => boolean {
  const limit = readLength(check);
  if (limit !== null) return limit;
  if (check instanceof $ZodCustom) {
    const { fn } = defOf(check);
    return (value) => fn(value) === true;
  }
  if (check instanceof $ZodCheckStringFormat) {
    const { pattern } = defOf(check);
    return pattern === undefined || pattern.global || pattern.sticky
      ? acceptNothing
      : (value) => pattern.test(value);
  }
  return acceptNothing;
}

function compileInteger(schema: $ZodNumberFormat): Accepts {
  const def = defOf(schema);
  if (def.format !== 'safeint') return acceptNothing;
  const tests = (def.checks ?? []).map((check): ((value: number) => boolean) => {
    const limit = readLimit(check);
    return limit ?? acceptNothing;
  });
  return (value) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}

function readLimit(check: $ZodCheck): ((value: number) => boolean) | null {
  if (check instanceof $ZodCheckGreaterThan) {
    const { value: least, inclusive } = defOf(check);
    return (value) => (inclusive ? value >= Number(least) : value > Number(least));
  }
  if (check instanceof $ZodCheckLessThan) {
    const { value: most, inclusive } = defOf(check);
    return (value) => (inclusive ? value <= Number(most) : value < Number(most));
  }
  return null;
}

const hasAny = (checks: readonly unknown[] | undefined): boolean => checks !== undefined && checks.length > 0;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
