import { AudioLines, Eye, EyeOff } from 'lucide-react';
import { MenuItem } from '../../../components/Menu.tsx';
import { useActions, useCall } from '../../../components/store.tsx';
import { qualityWords as say } from '../../../words/quality.ts';

/** A call without pictures: of the others, or at all. */
export function PictureItems({ callKey }: { readonly callKey: string }) {
  const { hidePictures, audioOnly } = useActions();
  const call = useCall(callKey, ({ phase, quality, local }) => ({
    connected: phase.name === 'connected',
    hides: quality.hidesPictures,
    camera: local.camera,
  }));
  if (call === null || !call.connected) return null;
  return (
    <>
      <MenuItem
        icon={call.hides ? <Eye size={18} /> : <EyeOff size={18} />}
        onSelect={() => hidePictures(callKey, !call.hides)}
      >
        {call.hides ? say.showPictures : say.hidePictures}
      </MenuItem>
      {(!call.hides || call.camera) && (
        <MenuItem icon={<AudioLines size={18} />} onSelect={() => audioOnly(callKey)}>
          {say.audioOnly}
        </MenuItem>
      )}
    </>
  );
}
