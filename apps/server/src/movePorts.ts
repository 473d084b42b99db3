/** CALL4: that somebody may take a device's place in a call. */
export interface MoveOffer {
  readonly callId: string;
  readonly from: { readonly userId: string; readonly deviceId: string };
  /** Who may: with any of their devices where `deviceId` is null. */
  readonly to: { readonly userId: string; readonly deviceId: string | null };
}

/** CALL4: offers that hold for `TIMES.moveOfferMs`, over all nodes. */
export interface MoveOffers {
  put(token: string, offer: MoveOffer): Promise<void>;
  find(token: string): Promise<MoveOffer | null>;
  /** @returns whether it was still there: of several at once one alone takes it */
  take(token: string): Promise<boolean>;
}
