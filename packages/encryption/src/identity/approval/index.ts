export { approvalMessageType, type NewDeviceFacts } from './messages.ts';
export {
  type Grant,
  type NewDeviceEvent,
  type NewDeviceState,
  type NewDeviceStep,
  askForApproval,
  stepNewDevice,
} from './newDevice.ts';
export {
  type OldDeviceEvent,
  type OldDeviceState,
  type OldDeviceStep,
  offerApproval,
  stepOldDevice,
} from './oldDevice.ts';
