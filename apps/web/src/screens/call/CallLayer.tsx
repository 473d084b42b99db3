import { useModel } from '../../components/store.tsx';
import { EndCard } from './EndCard.tsx';
import { IncomingBanner } from './IncomingBanner.tsx';
import { IncomingScreen } from './IncomingScreen.tsx';
import { sameScene, sceneOf } from './scene.ts';
import { Stage } from './Stage.tsx';

/** Everything about calls, over whatever else is on screen. */
export default function CallLayer() {
  const scene = useModel((model) => sceneOf(model.calls), sameScene);
  return (
    <>
      {scene.stage !== null && <Stage key={scene.stage} callKey={scene.stage} heldKeys={scene.held} />}
      {scene.ringing !== null && <IncomingScreen key={scene.ringing} callKey={scene.ringing} />}
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
