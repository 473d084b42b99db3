import { Component, type ReactNode } from 'react';
import { words } from '../words/index.ts';
import { Standstill } from './Standstill.tsx';
import { Button } from '../components/Button.tsx';

interface CrashState {
  readonly crashed: boolean;
}

/** When a screen cannot be drawn: calm words and a way on, instead of a white page. */
export class Crash extends Component<{ readonly children: ReactNode }, CrashState> {
  override state: CrashState = { crashed: false };

  static getDerivedStateFromError(): CrashState {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return (
      <Standstill title={words.crashed.title} body={words.crashed.body}>
        <Button look="primary" onClick={() => location.reload()}>
          {words.crashed.action}
        </Button>
      </Standstill>
    );
  }
}
