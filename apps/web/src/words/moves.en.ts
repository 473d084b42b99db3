import { firstName } from './names.ts';

/** `your iPhone`, but `Ana’s phone`: a name that says whose it is needs no more. */
const yourDevice = (name: string): string =>
  /['’]s\s|^(?:my|our|the|your)\s/iu.test(name) ? name : `your ${name}`;

/** What is said where calls go from one device to another. */
export const moveWords = {
  region: 'Calls on your other devices',
  on: (devices: readonly string[]): string => `On ${devices.map(yourDevice).join(' and ')}`,
  here: 'Move here',
  hereOf: (name: string): string => `Move the call with ${name} here`,
  also: 'Join as well',
  alsoOf: (name: string): string => `Join the call with ${name} with this device as well`,

  open: 'Move call…',
  title: 'Move this call',
  devices: 'Your devices',
  noDevices: 'None of your other devices is online. Open this page on one of them, and it is listed here.',
  devicesHint:
    'It asks there first, so that no microphone opens where you aren’t. The call goes on here until it has moved.',
  people: 'Pass it to somebody',
  peopleHint: 'They are asked first. When they take it, they are in your place and you leave.',
  noPeople: 'Nobody you know is online who isn’t in this call already.',

  asking: (name: string): string => `Asking ${name}…`,
  waiting: (name: string, isDevice: boolean): string =>
    isDevice ? `Accept it on ${yourDevice(name)}.` : `${firstName(name)} can take it now.`,
  stays: 'Until then the call goes on here.',
  takeBack: 'Take back',
  askAnother: 'Choose another',
  declined: (name: string, isDevice: boolean): string =>
    isDevice ? `It was declined on ${yourDevice(name)}.` : `${firstName(name)} can’t take the call now.`,
  unanswered: (name: string, isDevice: boolean): string =>
    isDevice ? `Nobody answered on ${yourDevice(name)}.` : `${firstName(name)} didn’t answer.`,
  offline: (name: string, isDevice: boolean): string =>
    isDevice ? `${name} isn’t connected any more.` : `${firstName(name)} can’t be reached at the moment.`,
  busy: 'That were many questions at once. Wait a moment, then ask again.',
  failed: 'That couldn’t be asked. The call goes on here.',

  offerRegion: 'A call for this device',
  offerOwn: (name: string): string => `Continue the call with ${name} here?`,
  offerOwnFrom: (device: string): string =>
    `It is on ${yourDevice(device)}. Nothing is sent from here before you accept.`,
  offerOther: (from: string, name: string): string =>
    `${firstName(from)} asks you to take the call with ${name}`,
  offerOtherHint: (from: string): string => `You take ${firstName(from)}’s place in it.`,
  decline: 'Not now',
  accept: 'Move here',
  take: 'Take the call',

  leaving: (device: string): string => `Moving to ${yourDevice(device)}…`,
  passing: (name: string): string => `${firstName(name)} is taking the call…`,
  arriving: (device: string): string => `Moving from ${yourDevice(device)}…`,
  taking: (name: string): string => `Taking the call from ${firstName(name)}…`,
  soundElsewhere: (device: string): string => `Sound and microphone are on ${yourDevice(device)}`,
  soundHere: 'Use this device',
};
