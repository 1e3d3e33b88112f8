// Judges messages and views by the JSON Schema of Slack's own types. It reads a list of
// {name, value} from the standard input and prints a list of {name, faults}, faults
// being sentences; a value with "type" modal or home is a view, any other a message.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

// schema gives the schema, generated anew when its types or its generator have changed.
async function schema() {
  const key = createHash('sha256').update(read('message.ts')).update(read('package-lock.json')).update(read('schema.mjs')).digest('hex');
  const folder = new URL('node_modules/.cache/', import.meta.url);
  const kept = new URL(`slack-${key.slice(0, 16)}.json`, folder);
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { createGenerator } = await import('ts-json-schema-generator');
  const path = new URL('message.ts', import.meta.url).pathname;
  const made = createGenerator({ path, type: '*', skipTypeCheck: true, additionalProperties: false }).createSchema('*');
  mkdirSync(folder, { recursive: true });
  const part = new URL(`${kept.href}.${process.pid}`);
  writeFileSync(part, JSON.stringify(made));
  renameSync(part, kept); // whole or not at all, since others may be reading
  return made;
}

const { definitions } = await schema();
const ajv = new Ajv({ strict: false, allErrors: true }).addSchema({ $id: 'slack', definitions });
const validator = (name) => ajv.compile({ $ref: `slack#/definitions/${encodeURIComponent(name)}` });
const views = { modal: 'Modal', home: 'Home' };

// A block that matches none of the union gets a complaint for each member of it; only
// those of the member with its type help.
const blockNames = Object.entries(definitions).filter(([name, d]) => name.endsWith('Block') && d.properties?.type?.const);
const nameOf = (block) => blockNames.find(([, d]) => d.properties.type.const === block?.type)?.[0];
const sentence = (at, e) => `${at}${e.instancePath}: ${e.message}${e.params?.additionalProperty ? ` (${e.params.additionalProperty})` : ''}`;

function faultsOf(value) {
  const check = validator(views[value?.type] ?? 'Message');
  if (check(value)) return [];
  const all = check.errors.filter((e) => !e.instancePath.startsWith('/blocks/')).map((e) => sentence('', e));
  for (const [i, block] of Object.entries(value?.blocks ?? [])) {
    const name = nameOf(block);
    if (!name) {
      all.push(`/blocks/${i}: there is no block of the type ${JSON.stringify(block?.type)}`);
      continue;
    }
    const one = validator(name);
    if (!one(block)) all.push(...one.errors.map((e) => sentence(`/blocks/${i}`, e)));
  }
  return all.length > 0 ? all : check.errors.map((e) => sentence('', e));
}

const given = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(given.map(({ name, value }) => ({ name, faults: faultsOf(value) }))));
