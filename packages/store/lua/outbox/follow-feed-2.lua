#!lua
-- Notes the entry of the dialect's feed from which on a session gets all entries, and appends the event. With a room,
-- the session is seated there in the same step.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 epoch  2 last (id of the entry before)  3 packet  4 keep (events, bytes)  5 room ('' none)  6 seat (JSON)
--       7 opening (content of the opening event, JSON; '' it is another event)  8 trace ('-' none)
--       9 reference (kept in the packet's place; '' none)
-- Returns the event's number
-- Errors: -1 unknown · -2 fenced
local session, outbox = unpack(KEYS)
local epoch, last, packet, keep, room, seat, opening, trace, reference = unpack(ARGV)
local state, current = unpack(redis.call('HMGET', session, 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
if opening ~= '' then redis.call('HSET', session, 'opening', opening) end
local control = '"follow":"' .. last .. '",'
if room ~= '' then
  redis.call('HSET', session, SEAT .. room, seat)
  control = control .. '"in":' .. cjson.encode(room) .. ',"seat":' .. seat .. ','
end
local number = append(session, outbox, packet, keep, trace, control, reference)
redis.call('HSET', session, 'feed', last .. ' ' .. number)
return number
