#!lua flags=allow-oom
-- Erases a message that was removed from its room from a session's outbox, so that it is never delivered again: its
-- event becomes that of the removal, under the same number, and in lists of messages its text becomes empty. Then it
-- appends the event of the removal, unless the session has that already, or got the room's last messages without the
-- message. A session that is about to be seated there is marked: it needs last messages that are as new. Repeatable.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 said (the message's packet, as outboxes keep it)  3 removed (the removal's packet)  4 message (as lists have it)
--       5 blank (the same without its text)  6 keep (events, bytes)  7 revision (of the room, by the removal; '' a pair)
--       8 trace ('-' none)
-- Returns the event's number · 0 the session has it, or needs none
-- Errors: -1 unknown · -3 absent: the session is not in that room
local session, outbox = unpack(KEYS)
local room, said, removed, message, blank, keep, revision, trace = unpack(ARGV)
local state, seat, pending, admitted, newest = unpack(redis.call('HMGET', session,
  'state', SEAT .. room, PENDING_ENTRY .. room, ADMISSION_REVISION .. room, MESSAGE_REVISION .. room))
if not state or state == 'ending' then return -1 end
local entries = redis.call('XRANGE', outbox, '-', '+')
local isTold, isKept = false, false
for _, entry in ipairs(entries) do
  local fields = entry[2]
  if fields[2] == removed then isTold = true end
  local from, to = string.find(fields[2], message, 1, true)
  if fields[2] == said then
    isKept = true
    fields[2] = removed
  elseif from then
    isKept = true
    fields[2] = string.sub(fields[2], 1, from - 1) .. blank .. string.sub(fields[2], to + 1)
  end
end
if isKept then
  redis.call('DEL', outbox) -- an entry of a stream can't be replaced: all of them are added anew, under their numbers
  for _, entry in ipairs(entries) do redis.call('XADD', outbox, entry[1], unpack(entry[2])) end
end
if not seat and not pending then return -3 end
if revision ~= '' then
  if tonumber(newest or 0) < tonumber(revision) then redis.call('HSET', session, MESSAGE_REVISION .. room, revision) end
  if tonumber(admitted or 0) >= tonumber(revision) then return 0 end
end
if not seat or (isTold and not isKept) then return 0 end
return append(session, outbox, removed, keep, trace)
