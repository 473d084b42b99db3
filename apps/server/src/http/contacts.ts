import { ContactChange, Contacts, Id, type Contact } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { ContactRow } from '../ports.ts';
import type { HttpContext } from './context.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';

const UserParams = z.strictObject({ userId: Id });

export function contactRoutes({ ports, people }: HttpContext): Route[] {
  const { accounts, clock } = ports;

  /** Whoever does not show their presence looks as if they were away, and had been for ever. */
  const toContact = async ({
    user,
    favourite,
    blocked,
    showsPresence,
    lastSeenAt,
  }: ContactRow): Promise<Contact> => {
    const presence = showsPresence ? await people.presenceOf(user.userId) : 'offline';
    const seenAt = presence === 'offline' ? lastSeenAt : clock.now();
    return { user, favourite, blocked, presence, lastSeenAt: showsPresence ? seenAt : null };
  };

  const putContact = async (userId: string, contactId: string, favourite: boolean | undefined) => {
    if (contactId === userId) throw new HttpProblem('BAD_MESSAGE', 'nobody is their own contact');
    if (!(await accounts.putContact(userId, contactId, favourite ?? null, clock.now()))) {
      throw new HttpProblem('NOT_FOUND');
    }
    await people.profileChanged(userId);
  };

  return [
    deviceRoute(
      {
        method: 'GET',
        path: '/api/contacts',
        tag: 'Contacts',
        summary: 'This user’s contacts by name, with presence as far as they show it',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: Contacts,
      },
      async ({ device }) => ({
        contacts: await Promise.all((await accounts.listContacts(device.userId)).map(toContact)),
      }),
    ),
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/contacts/{userId}',
        tag: 'Contacts',
        summary: 'Adds a contact',
        params: UserParams,
        query: Nothing,
        body: ContactChange,
        response: null,
      },
      async ({ device, params, body }) => {
        await putContact(device.userId, params.userId, body.favourite);
        await people.relationChanged(device.userId, params.userId);
      },
    ),
    deviceRoute(
      {
        method: 'PATCH',
        path: '/api/contacts/{userId}',
        tag: 'Contacts',
        summary: 'Changes a contact',
        params: UserParams,
        query: Nothing,
        body: ContactChange,
        response: null,
      },
      async ({ device, params, body }) => {
        const contacts = await accounts.listContacts(device.userId);
        if (!contacts.some(({ user }) => user.userId === params.userId)) throw new HttpProblem('NOT_FOUND');
        await putContact(device.userId, params.userId, body.favourite);
      },
    ),
    deviceRoute(
      {
        method: 'DELETE',
        path: '/api/contacts/{userId}',
        tag: 'Contacts',
        summary: 'Removes a contact',
        params: UserParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params }) => {
        if (!(await accounts.removeContact(device.userId, params.userId))) throw new HttpProblem('NOT_FOUND');
        await people.profileChanged(device.userId);
        await people.relationChanged(device.userId, params.userId);
      },
    ),
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/blocks/{userId}',
        tag: 'Contacts',
        summary: 'Blocks somebody: their calls ring nowhere, and to them this user is never there',
        params: UserParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params }) => {
        if (params.userId === device.userId) throw new HttpProblem('BAD_MESSAGE', 'nobody blocks themselves');
        if (!(await accounts.block(device.userId, params.userId, clock.now())))
          throw new HttpProblem('NOT_FOUND');
        await people.profileChanged(device.userId);
        await people.relationChanged(device.userId, params.userId);
      },
    ),
    deviceRoute(
      {
        method: 'DELETE',
        path: '/api/blocks/{userId}',
        tag: 'Contacts',
        summary: 'Unblocks somebody',
        params: UserParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params }) => {
        await accounts.unblock(device.userId, params.userId);
        await people.profileChanged(device.userId);
        await people.relationChanged(device.userId, params.userId);
      },
    ),
  ];
}
