export {
  type ApproverDevice,
  type Asking,
  type AskingFailure,
  type AskingOptions,
  type AskingState,
  createAsking,
} from './asking.ts';
export {
  type Answer,
  type Answering,
  type AnsweringFailure,
  type AnsweringOptions,
  type AnsweringState,
  createAnswering,
} from './answering.ts';
export type { HeardStep, Said, SayStep } from './types.ts';
