import { DEVICE_HEADER, HttpError } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Route } from './route.ts';

/** Operations that answer with something else than JSON. */
export interface PlainOperation {
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly contentType: string;
}

/** HTTP3: the OpenAPI 3.1 document, made from the very schemas that check the requests. */
export function describeApi(
  info: { readonly title: string; readonly version: string },
  routes: readonly Route[],
  plain: readonly PlainOperation[],
): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = describeRoute(route);
  for (const { path, tag, summary, contentType } of plain) {
    (paths[path] ??= {})['get'] = {
      tags: [tag],
      summary,
      parameters: pathNames(path).map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      responses: { 200: { description: 'OK', content: { [contentType]: {} } }, default: { $ref: REFUSAL } },
    };
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      securitySchemes: {
        device: {
          type: 'apiKey',
          in: 'header',
          name: DEVICE_HEADER,
          description: 'Names the device; the HttpOnly cookie visavis_<deviceId> proves it.',
        },
      },
      responses: {
        Refusal: {
          description: 'Why it was not done',
          content: { 'application/json': { schema: toJson(HttpError, 'output') } },
        },
      },
    },
  };
}

const REFUSAL = '#/components/responses/Refusal';

function describeRoute(route: Route): Readonly<Record<string, unknown>> {
  const body = toJson(route.body, 'input');
  const hasBody = Object.keys(propertiesOf(body)).length > 0;
  const success =
    route.response === null
      ? { 204: { description: 'Done' } }
      : {
          200: {
            description: 'OK',
            content: { 'application/json': { schema: toJson(route.response, 'output') } },
          },
        };
  return {
    tags: [route.tag],
    summary: route.summary,
    ...(route.needsDevice ? { security: [{ device: [] }] } : {}),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(hasBody
      ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } }
      : {}),
    responses: { ...success, default: { $ref: REFUSAL } },
  };
}

function parameters(schema: z.ZodMiniType, place: 'path' | 'query') {
  const json = toJson(schema, 'input');
  const required = new Set(Array.isArray(json.required) ? json.required : []);
  return Object.entries(propertiesOf(json)).map(([name, value]) => ({
    name,
    in: place,
    required: required.has(name),
    schema: value,
  }));
}

const toJson = (schema: z.ZodMiniType, io: 'input' | 'output') => {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io });
  return json;
};

const propertiesOf = (json: {
  readonly properties?: object | undefined;
}): Readonly<Record<string, unknown>> => ({
  ...json.properties,
});

const pathNames = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
