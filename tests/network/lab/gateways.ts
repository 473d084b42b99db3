/** What stands between a home and the internet. The words are those of RFC 3489; what they mean here is probed. */
export const GATEWAYS = [
  'full cone',
  'full cone, hairpin',
  'port-restricted',
  'symmetric',
  'UDP blocked',
  'only 443',
] as const;
export type Gateway = (typeof GATEWAYS)[number];

interface Behaviour {
  /** Every destination sees another port. */
  readonly isSymmetric: boolean;
  /** Anybody may send to a port that the home has sent from. */
  readonly isOpenToAll: boolean;
  /** Two of one home meet at its public address (RFC 4787 §6). */
  readonly isHairpin: boolean;
  /** What may go out, as nftables says it; everything unless given. */
  readonly allowed: string;
}

const PORT_RESTRICTED: Behaviour = { isSymmetric: false, isOpenToAll: false, isHairpin: false, allowed: '' };
const BEHAVIOUR: Readonly<Record<Gateway, Behaviour>> = {
  'full cone': { ...PORT_RESTRICTED, isOpenToAll: true },
  'full cone, hairpin': { ...PORT_RESTRICTED, isOpenToAll: true, isHairpin: true },
  'port-restricted': PORT_RESTRICTED,
  symmetric: { ...PORT_RESTRICTED, isSymmetric: true },
  'UDP blocked': { ...PORT_RESTRICTED, allowed: 'meta l4proto tcp' },
  'only 443': { ...PORT_RESTRICTED, allowed: 'tcp dport 443' },
};

/**
 * The rules of a gateway for nftables. Linux keeps a source port as it is while it is free and lets in answers only, which
 * is a port-restricted cone; the other kinds are made from that. What comes unasked is dropped and leaves no trace: a trace
 * would make Linux take another port for the answer, and no two homes would ever meet.
 *
 * @param options.wan - its public address
 * @param options.home - the addresses behind it, as a prefix
 */
export function gatewayRules(
  gateway: Gateway,
  options: { readonly wan: string; readonly home: string },
): string {
  const { isSymmetric, isOpenToAll, isHairpin, allowed } = BEHAVIOUR[gateway];
  const { wan, home } = options;
  const arrivals = isHairpin ? '' : 'iifname "wan"';
  return `
table ip gateway {
  map mapping {
    type inet_service : ipv4_addr . inet_service
    flags timeout
    timeout 2m
  }
  chain input {
    type filter hook input priority 0; policy drop;
    ip protocol icmp accept
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ${isOpenToAll ? 'iifname "lan" meta l4proto udp update @mapping { udp sport : ip saddr . udp sport }' : ''}
    ct state established,related accept
    ct status dnat accept
    iifname "lan" oifname "wan" ${allowed} accept
  }
  chain prerouting {
    type nat hook prerouting priority -100;
    ${isOpenToAll ? `${arrivals} ip daddr ${wan} dnat ip to udp dport map @mapping` : ''}
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    oifname "wan" masquerade ${isSymmetric ? 'fully-random' : ''}
    ip saddr ${home} oifname "lan" ct status dnat snat to ${wan}
  }
}`;
}
