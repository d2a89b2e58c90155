#!lua flags=allow-oom
-- Appends a change in a room to the outbox of a session that is in it: each change once, and never with a list that is
-- older than one that the session has had. A session that is about to be seated there is marked instead: it needs a
-- list that is as new.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 user (that the change is about; '' only the list)  3 change (its revision)  4 list (its revision)
--       5 packet ('' none: it is only noted)  6 keep (events, bytes)  7 since (revision by which that user came)  8 trace ('-' none)
--       9 reference (kept in the packet's place; '' none)
-- Returns the event's number · 0 the session has that change, or will have it, or never had that user
-- Errors: -1 unknown · -3 absent: the session is not in that room · -8 outdated: the session has had a newer list
local session, outbox = unpack(KEYS)
local room, user, change, list, packet, keep, since, trace, reference = unpack(ARGV)
local about = MEMBER_REVISION .. room .. '\n' .. user
local state, seat, pending, admitted, newest, last = unpack(redis.call('HMGET', session,
  'state', SEAT .. room, PENDING_ENTRY .. room, ADMISSION_REVISION .. room, LIST_REVISION .. room, about))
if not state or state == 'ending' then return -1 end
if not seat and not pending then return -3 end
local known = tonumber(last or (user ~= '' and admitted) or 0)
local isNews = seat and known < tonumber(change)
local isDelivered = packet ~= '' and isNews and (tonumber(since) == tonumber(change) or known >= tonumber(since))
if isNews and not isDelivered then redis.call('HSET', session, about, change) end
if not isDelivered then
  if tonumber(newest or 0) < tonumber(list) then redis.call('HSET', session, LIST_REVISION .. room, list) end
  return 0
end
if tonumber(newest or 0) > tonumber(list) then return -8 end
redis.call('HSET', session, about, change, LIST_REVISION .. room, list)
return append(session, outbox, packet, keep, trace, nil, reference)
