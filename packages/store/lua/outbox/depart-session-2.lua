#!lua flags=allow-oom
-- Takes from a session its seat in a room that clients name, or its attempt to enter one, and appends the event. The
-- room itself is still to be left (a departure). Only the epoch that holds the session takes them, or any process if it
-- is ending; others find what has been taken. Repeatable.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 epoch ('' only what has been taken)  3 packet ('' none)  4 keep (events, bytes)  5 trace ('-' none)
-- Returns { attempt up to which the room is to be left, event's number or 0 }
-- Errors: -1 unknown · -2 fenced · -3 absent: there is nothing to leave
local session, outbox = unpack(KEYS)
local room, epoch, packet, keep, trace = unpack(ARGV)
local state, current, departure, seat, entry, pending = unpack(redis.call('HMGET', session, 'state', 'epoch',
  DEPARTURE .. room, SEAT .. room, ENTRY .. room, PENDING_ENTRY .. room))
if not state then return -1 end
if epoch ~= '' and (state == 'ending' or current ~= epoch) then return -2 end
if departure then return { tonumber(departure), 0 } end
local attempt = seat and entry or pending
if not attempt or (epoch == '' and state ~= 'ending') then return -3 end
redis.call('HDEL', session, SEAT .. room, PENDING_ENTRY .. room)
redis.call('HSET', session, DEPARTURE .. room, attempt)
if not seat or state == 'ending' then return { tonumber(attempt), 0 } end
local control = '"out":' .. cjson.encode(room) .. ','
if packet ~= '' then return { tonumber(attempt), append(session, outbox, packet, keep, trace, control) } end
publishControl(outbox, trace, control)
return { tonumber(attempt), 0 }
