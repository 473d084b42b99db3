import type { types } from 'mediasoup';
import { SfuRefusal } from '../../mediaPorts.ts';
import type { PipeEnd } from '../../mediaSpan.ts';
import type { PipeListen } from './listen.ts';
import type { Place } from './places.ts';

/** One end of a way to another node: encrypted, and with lost packets sent again, since it goes over networks. */
export const openWay = async ({ router }: Place, listen: PipeListen): Promise<types.PipeTransport> =>
  router.createPipeTransport({
    listenInfo: {
      protocol: 'udp',
      ip: listen.ip,
      ...(listen.announced === null ? {} : { announcedAddress: listen.announced }),
      ...(listen.ports === null ? {} : { portRange: { ...listen.ports } }),
    },
    enableRtx: true,
    enableSrtp: true,
  });

export function describeEnd({ tuple, srtpParameters }: types.PipeTransport, listen: PipeListen): PipeEnd {
  if (srtpParameters === undefined) throw new SfuRefusal('MEDIA_UNAVAILABLE');
  const { cryptoSuite, keyBase64 } = srtpParameters;
  return { ip: listen.announced ?? listen.ip, port: tuple.localPort, cryptoSuite, keyBase64 };
}

export const connectWay = async (
  way: types.PipeTransport,
  { ip, port, cryptoSuite, keyBase64 }: PipeEnd,
): Promise<void> => way.connect({ ip, port, srtpParameters: { cryptoSuite, keyBase64 } });
