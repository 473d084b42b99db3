import { useModel } from '../../components/store.tsx';
import { EndCard } from './EndCard.tsx';
import { IncomingBanner } from './IncomingBanner.tsx';
import { sameScene, sceneOf } from './scene.ts';
import { Stage } from './Stage.tsx';

/** Everything about calls, over whatever else is on screen. */
export default function CallLayer() {
  const scene = useModel((model) => sceneOf(model.calls), sameScene);
  // A call that is answered stays where it rang: only what is new has to be drawn while it is being connected.
  const stage = scene.ringing ?? scene.stage;
  return (
    <>
      {stage !== null && <Stage key={stage} callKey={stage} heldKeys={scene.held} />}
      <div className="call-cards">
        {scene.banners.map((key) => (
          <IncomingBanner key={key} callKey={key} activeKey={scene.stage} />
        ))}
        {scene.cards.map((key) => (
          <EndCard key={key} callKey={key} />
        ))}
      </div>
    </>
  );
}
