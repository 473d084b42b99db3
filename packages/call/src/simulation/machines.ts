import { nextDeviceDeadline, stepDevice } from '../client/index.ts';
import { dialCall, nextDeadline, stepCall, viewCall } from '../server/index.ts';
import { acknowledge, createOutbox, eventsAfter, pushEvent, receiveEvent } from '../session/index.ts';

/** What is simulated: the real machines, unless a test plants a fault in one to see whether it is found. */
export interface Machines {
  readonly dialCall: typeof dialCall;
  readonly stepCall: typeof stepCall;
  readonly nextDeadline: typeof nextDeadline;
  readonly viewCall: typeof viewCall;
  readonly stepDevice: typeof stepDevice;
  readonly nextDeviceDeadline: typeof nextDeviceDeadline;
  readonly createOutbox: typeof createOutbox;
  readonly pushEvent: typeof pushEvent;
  readonly eventsAfter: typeof eventsAfter;
  readonly acknowledge: typeof acknowledge;
  readonly receiveEvent: typeof receiveEvent;
}

export const REAL_MACHINES: Machines = {
  dialCall,
  stepCall,
  nextDeadline,
  viewCall,
  stepDevice,
  nextDeviceDeadline,
  createOutbox,
  pushEvent,
  eventsAfter,
  acknowledge,
  receiveEvent,
};
