import { getSupportedRtpCapabilities, type types } from 'mediasoup';
import type {
  CodecParameters,
  DtlsParameters,
  RtcpFeedback,
  RtpCapabilities,
  RtpCodec,
  RtpEncoding,
  RtpHeaderExtension,
  RtpParameters,
} from '../../mediaPorts.ts';

/*
 * Copies into mediasoup's types: it changes what it is given, and its types know neither readonly nor an optional member
 * that is undefined.
 */

type Uri = types.RtpHeaderExtensionUri;
const KNOWN: ReadonlyMap<string, number> = new Map(
  getSupportedRtpCapabilities().headerExtensions?.map(({ uri, preferredId }) => [uri, preferredId]),
);
const isKnown = (uri: string): uri is Uri => KNOWN.has(uri);

type WithoutUndefined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** The members that are not undefined. */
function given<Value extends object>(value: Value): Partial<WithoutUndefined<Value>> {
  const entries: [string, unknown][] = Object.entries(value).filter(([, member]) => member !== undefined);
  // Object.fromEntries forgets which names there are; they are those of `value`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Partial<WithoutUndefined<Value>>;
}

const copyFeedback = (feedback: readonly RtcpFeedback[] | undefined): types.RtcpFeedback[] =>
  (feedback ?? []).map(({ type, parameter }) => ({ type, ...given({ parameter }) }));

const copyParameters = (parameters: CodecParameters | undefined): Record<string, unknown> => ({
  ...parameters,
});

/**
 * Devices tell theirs before they know the router's, under numbers of their own. Of a number that is not the router's mediasoup
 * leaves the extension out, and without those for bandwidth estimation a receiver stays at low layers.
 */
const copyExtension = ({ uri, kind, preferredId, preferredEncrypt, direction }: RtpHeaderExtension) =>
  isKnown(uri)
    ? [{ uri, kind, preferredId: KNOWN.get(uri) ?? preferredId, ...given({ preferredEncrypt, direction }) }]
    : [];

export const toRtpCapabilities = ({ codecs, headerExtensions }: RtpCapabilities): types.RtpCapabilities => ({
  codecs: codecs.map(
    ({ kind, mimeType, preferredPayloadType, clockRate, channels, parameters, rtcpFeedback }) => ({
      kind,
      mimeType,
      preferredPayloadType,
      clockRate,
      ...given({ channels }),
      parameters: copyParameters(parameters),
      rtcpFeedback: copyFeedback(rtcpFeedback),
    }),
  ),
  headerExtensions: headerExtensions.flatMap(copyExtension),
});

const copyCodec = ({ mimeType, payloadType, clockRate, channels, parameters, rtcpFeedback }: RtpCodec) => ({
  mimeType,
  payloadType,
  clockRate,
  ...given({ channels }),
  parameters: copyParameters(parameters),
  rtcpFeedback: copyFeedback(rtcpFeedback),
});

const copyEncoding = (encoding: RtpEncoding): types.RtpEncodingParameters => {
  const { ssrc, rid, codecPayloadType, rtx, dtx, scalabilityMode, maxBitrate } = encoding;
  return {
    ...given({ ssrc, rid, codecPayloadType, dtx, scalabilityMode, maxBitrate }),
    ...(rtx === undefined ? {} : { rtx: { ssrc: rtx.ssrc } }),
  };
};

export const toRtpParameters = (parameters: RtpParameters): types.RtpParameters => ({
  ...given({ mid: parameters.mid }),
  codecs: parameters.codecs.map(copyCodec),
  headerExtensions: parameters.headerExtensions.flatMap(({ uri, id, encrypt, parameters }) =>
    isKnown(uri) ? [{ uri, id, ...given({ encrypt }), parameters: copyParameters(parameters) }] : [],
  ),
  encodings: parameters.encodings.map(copyEncoding),
  rtcp: given({ cname: parameters.rtcp?.cname, reducedSize: parameters.rtcp?.reducedSize }),
});

export const toDtlsParameters = ({ role, fingerprints }: DtlsParameters): types.DtlsParameters => ({
  ...given({ role }),
  fingerprints: fingerprints.map(({ algorithm, value }) => ({ algorithm, value })),
});

/** A codec's parameters as mediasoup has them: of whatever type, though only these occur. */
function fromParameters(parameters: Record<string, unknown> | undefined): CodecParameters {
  const entries = Object.entries(parameters ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, value] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

export const fromRtpParameters = (parameters: types.RtpParameters): RtpParameters => ({
  mid: parameters.mid,
  codecs: parameters.codecs.map((codec) => ({ ...codec, parameters: fromParameters(codec.parameters) })),
  headerExtensions: (parameters.headerExtensions ?? []).map((extension) => ({
    ...extension,
    parameters: fromParameters(extension.parameters),
  })),
  encodings: parameters.encodings ?? [],
  rtcp: parameters.rtcp,
});

export const fromRtpCapabilities = ({
  codecs,
  headerExtensions,
}: types.RtpCapabilities): RtpCapabilities => ({
  codecs: (codecs ?? []).map((codec) => ({ ...codec, parameters: fromParameters(codec.parameters) })),
  headerExtensions: headerExtensions ?? [],
});
