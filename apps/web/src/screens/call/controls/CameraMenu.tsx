import { Wallpaper } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { MenuItem } from '../../../components/Menu.tsx';
import { backgroundWords } from '../../../words/background.ts';
import { CameraChoice } from './DeviceChoices.tsx';

const BackgroundDialog = lazy(() => import('./BackgroundDialog.tsx'));

/** All about one's own picture, within a menu of a call. */
export function CameraItems({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <>
      <CameraChoice />
      <MenuItem icon={<Wallpaper size={18} />} onSelect={onOpen}>
        {backgroundWords.open}
      </MenuItem>
    </>
  );
}

/** The dialog that {@link CameraItems} open: beside their menu, not in it, which closes. */
export function useBackgroundDialog() {
  const [isOpen, setOpen] = useState(false);
  const dialog = isOpen ? (
    <Suspense>
      <BackgroundDialog onClose={() => setOpen(false)} />
    </Suspense>
  ) : null;
  return { dialog, open: () => setOpen(true) };
}
