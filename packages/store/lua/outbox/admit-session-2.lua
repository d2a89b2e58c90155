#!lua flags=allow-oom
-- Gives a session its seat in a room that it has entered, and appends the list of members, in one step. The others are
-- still to be notified. A change or message that was delivered since the list was made has left a mark in the session:
-- then a newer list is needed. Of each member the session notes by which change it came: only what is sent since that one
-- is delivered.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 seat (JSON)  3 packet  4 keep (events, bytes)  5 epoch
--       6 opening (content of the opening event, JSON; '' it is another event)  7 attempt  8 list (its revision)
--       9 single ('1' in one room at a time)  10 trace ('-' none)  11 reference (kept in the packet's place; '' none)
--       12… user, revision (by which that one came), for each member on the list
-- Returns { event's number, room to be left … }
-- Errors: -1 unknown · -2 fenced · -3 absent: the attempt no longer counts · -8 outdated: a newer list is needed
local session, outbox = unpack(KEYS)
local room, seat, packet, keep, epoch, opening, attempt, list, single, trace, reference = unpack(ARGV)
local state, current, pending, seated, entry, change, message = unpack(redis.call('HMGET', session, 'state', 'epoch',
  PENDING_ENTRY .. room, SEAT .. room, ENTRY .. room, LIST_REVISION .. room, MESSAGE_REVISION .. room))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
if (seated and entry or pending) ~= attempt then return -3 end
if math.max(tonumber(change or 0), tonumber(message or 0)) > tonumber(list) then return -8 end
local answer = { 0 }
for _, field in ipairs(redis.call('HKEYS', session)) do
  local prefix, subject = string.match(field, '^(%l:)(.*)$')
  local isGivenUp = prefix == PENDING_ENTRY or (prefix == SEAT and single == '1')
  if subject ~= room and (isGivenUp or prefix == DEPARTURE) then answer[#answer + 1] = subject end
  if subject ~= room and isGivenUp then
    local given = redis.call('HGET', session, (prefix == SEAT and ENTRY or PENDING_ENTRY) .. subject)
    redis.call('HSET', session, DEPARTURE .. subject, given)
    redis.call('HDEL', session, field)
  end
  if prefix == MEMBER_REVISION and string.match(subject, '^(.*)\n') == room then redis.call('HDEL', session, field) end
end
if not seated then redis.call('HSET', session, ENTRY .. room, attempt, UNANNOUNCED .. room, attempt) end
redis.call('HDEL', session, PENDING_ENTRY .. room)
redis.call('HSET', session, SEAT .. room, seat, ADMISSION_REVISION .. room, list, LIST_REVISION .. room, list)
if opening ~= '' then redis.call('HSET', session, 'opening', opening) end
for i = 12, #ARGV, 2 do redis.call('HSET', session, MEMBER_REVISION .. room .. '\n' .. ARGV[i], ARGV[i + 1]) end
local control = '"in":' .. cjson.encode(room) .. ',"seat":' .. seat .. ','
answer[1] = append(session, outbox, packet, keep, trace, control, reference)
return answer
