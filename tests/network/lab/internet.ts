import { createNamespace, type Namespace } from './namespace.ts';
import { GATEWAYS, gatewayRules, type Gateway } from './gateways.ts';

/** Where somebody is: behind a gateway of their own, or on the internet itself. */
export type Place = Gateway | 'open';

/** An internet in namespaces: a server, a relay, and two homes of which each has a gateway of every kind. */
export interface Internet {
  readonly server: Namespace;
  readonly relay: Namespace;
  readonly ana: Host;
  readonly ben: Host;
  close(): Promise<void>;
}

/** Somebody's machine, with one network card that can be plugged in elsewhere. */
export interface Host {
  readonly namespace: Namespace;
  /** Plugs it in at a place of its own, as it would be after leaving the old one. */
  moveTo(place: Place): Promise<void>;
  /**
   * Plugs it in at Ana's home.
   *
   * @param options.isIsolated - machines there cannot talk to each other, as in the Wi-Fi of a hotel
   */
  moveToAna(gateway: Gateway, options: { readonly isIsolated: boolean }): Promise<void>;
}

/** Documentation addresses (RFC 5737), for none of which the relay has a reason to refuse. */
export const SERVER = '203.0.113.10';
/** The server's other address, for probing NATs. */
export const SERVER_ALTERNATE = '203.0.113.11';
export const RELAY = '203.0.113.20';
/** Behind a gateway: the same for its kind in both homes, as in most homes, and another for each kind, as after a move. */
const homeBehind = (index: number): string => `192.168.${String(index + 1)}`;
/** Nobody is there, but a machine without a default route takes itself for offline. */
const NOWHERE = '203.0.113.1';

export async function createInternet(): Promise<Internet> {
  const opened: Namespace[] = [];
  const open = async (name: string): Promise<Namespace> => {
    const namespace = await createNamespace(name);
    opened.push(namespace);
    return namespace;
  };
  const wires = await open('wires');
  await wires.run(
    ...['internet', 'ana', 'ben'].flatMap((bridge) => [
      `ip link add name ${bridge} type bridge`,
      `ip link set ${bridge} up`,
    ]),
  );
  let plugs = 0;
  /** A card of the host, plugged in at a bridge. @returns the other end */
  const plugIn = async (host: Namespace, card: string, bridge: string): Promise<string> => {
    plugs += 1;
    const port = `port${String(plugs)}`;
    await wires.run(
      `ip link add name ${port} type veth peer name ${card} netns ${String(host.pid)}`,
      `ip link set ${port} master ${bridge} up`,
    );
    await host.run(`ip link set ${card} up`);
    return port;
  };

  async function openServer(name: string, addresses: readonly string[]): Promise<Namespace> {
    const namespace = await open(name);
    await plugIn(namespace, 'eth0', 'internet');
    await namespace.run(
      ...addresses.map((address) => `ip address add ${address}/24 dev eth0`),
      `ip route add default via ${NOWHERE}`,
    );
    return namespace;
  }

  async function openGateway(home: 'ana' | 'ben', gateway: Gateway, index: number): Promise<void> {
    const namespace = await open(`${gateway} of ${home}`);
    const wan = wanOf(home, index);
    await plugIn(namespace, 'lan', home);
    await plugIn(namespace, 'wan', 'internet');
    const rules = gatewayRules(gateway, { wan, home: `${homeBehind(index)}.0/24` });
    await namespace.run(
      `ip address add ${homeBehind(index)}.1/24 dev lan`,
      `ip address add ${wan}/24 dev wan`,
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
      'nft -f - <<RULES',
      rules,
      'RULES',
    );
  }

  async function openHost(name: 'ana' | 'ben', number: number): Promise<Host> {
    const namespace = await open(name);
    const port = await plugIn(namespace, 'eth0', name);
    const goTo = async (bridge: string, address: string, route: string, isIsolated: boolean) => {
      await namespace.run('ip address flush dev eth0');
      await wires.run(
        `ip link set ${port} master ${bridge}`,
        `bridge link set dev ${port} isolated ${isIsolated ? 'on' : 'off'}`,
      );
      await namespace.run(`ip address add ${address}/24 dev eth0`, `ip route add default via ${route}`);
    };
    const behind = (gateway: Gateway) => {
      const index = GATEWAYS.indexOf(gateway);
      return [`${homeBehind(index)}.${String(100 + number)}`, `${homeBehind(index)}.1`] as const;
    };
    return {
      namespace,
      async moveTo(place) {
        if (place === 'open') await goTo('internet', `203.0.113.${String(200 + number)}`, NOWHERE, false);
        else await goTo(name, ...behind(place), false);
      },
      moveToAna: (gateway, { isIsolated }) => goTo('ana', ...behind(gateway), isIsolated),
    };
  }

  try {
    const [server, relay, ana, ben] = await Promise.all([
      openServer('server', [SERVER, SERVER_ALTERNATE]),
      openServer('relay', [RELAY]),
      openHost('ana', 1),
      openHost('ben', 2),
      ...GATEWAYS.flatMap((gateway, index) => [
        openGateway('ana', gateway, index),
        openGateway('ben', gateway, index),
      ]),
    ]);
    return { server, relay, ana, ben, close: () => closeAll(opened) };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

const wanOf = (home: 'ana' | 'ben', index: number): string =>
  `203.0.113.${String((home === 'ana' ? 101 : 151) + index)}`;

async function closeAll(namespaces: readonly Namespace[]): Promise<void> {
  await Promise.all(namespaces.map((namespace) => namespace.close()));
}
