/** Colours of one person, as `#rrggbb`. For a covered head, `hair` is the colour of the cloth. */
export interface Palette {
  readonly backdrop: string;
  readonly backdropLight: string;
  readonly skin: string;
  readonly skinShade: string;
  readonly skinDeep: string;
  readonly blush: string;
  readonly hair: string;
  readonly hairShade: string;
  readonly hairLight: string;
  readonly clothes: string;
  readonly clothesShade: string;
  readonly clothesLight: string;
  readonly accent: string;
}

export type FaceShape = 'oval' | 'round' | 'square';

export type HairStyle =
  | 'longWaves'
  | 'tousled'
  | 'fade'
  | 'braidsAndCap'
  | 'topKnot'
  | 'headscarf'
  | 'bun'
  | 'turban'
  | 'afro'
  | 'swept';

export type ClothesStyle =
  | 'scoop'
  | 'jumper'
  | 'openShirt'
  | 'ikat'
  | 'hoodie'
  | 'coat'
  | 'cardigan'
  | 'blazer'
  | 'dungarees'
  | 'turtleneck';

type BeardStyle = 'short' | 'goatee' | 'stubble' | 'full';

type GlassesStyle = 'round' | 'square' | 'cat';

type EarringStyle = 'hoops' | 'drops' | 'pearls' | 'discs';

export type RoomStyle =
  | 'plants'
  | 'books'
  | 'records'
  | 'tapestry'
  | 'kitchen'
  | 'evening'
  | 'parlour'
  | 'study'
  | 'studio'
  | 'loft';

/** What makes a face somebody's own. */
export interface Traits {
  readonly face: FaceShape;
  readonly hair: HairStyle;
  readonly clothes: ClothesStyle;
  readonly expression: 'smile' | 'grin';
  readonly brows: 'soft' | 'strong' | 'arched';
  readonly nose: 'soft' | 'broad' | 'long';
  readonly room: RoomStyle;
  readonly lashes?: true;
  readonly freckles?: true;
  readonly smileLines?: true;
  readonly beard?: BeardStyle;
  /** Needed where the head is covered and `palette.hair` is the colour of the cloth. */
  readonly beardColour?: string;
  readonly beardShade?: string;
  readonly glasses?: GlassesStyle;
  readonly earrings?: EarringStyle;
}

/** One drawn person. `id` is a stable handle of lower-case letters. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly palette: Palette;
  readonly traits: Traits;
}
