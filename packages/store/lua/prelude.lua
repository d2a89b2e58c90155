-- Definitions that scripts share. Each script gets those that it uses, and no others, behind its `#!lua`: an unused
-- function would cost every run on the message path. They go on one line, so that a line number in an error of Redis
-- is that of the script's file.

-- Prefixes of a session's fields. `src/field-prefixes.ts` has the same bytes; docs/keys.md says what each field holds.
local SEAT = 'r:'
local RESERVATION = 'p:'
local REQUEUED = 'b:'
local DEPARTURE = 'x:'
local PENDING_ENTRY = 'a:'
local ENTRY = 'i:'
local UNANNOUNCED = 'n:'
local ADMISSION_REVISION = 'w:'
local LIST_REVISION = 'v:'
local MESSAGE_REVISION = 's:'
local MEMBER_REVISION = 'm:'
local CALL_LEG = 'c:'
local CLAIMED_USER = 'u:'
local FENCE = 'f:' -- in a room's meta too

-- Prefixes of a user's fields.
local USER_SESSION = 's:'
local EVICTION = 'e:'

-- Prefix of an account's field.
local VOIDED_TOKENS = 'v:'

-- An outbox keeps so many times more events than are kept once the client has confirmed them, for which its node sees: a
-- client misses nothing, however busy its room is, and however late anybody notices that its connection is half open.
local UNCONFIRMED_KEEP_FACTOR = 8

-- An outbox is looked through for what it no longer keeps with one of so many events, and once for so many bytes.
local TRIM_EACH = 64
local TRIM_BYTES = 16384

-- Whether an epoch is at least the newest that has passed this fence (false: none above 1). A newer one is noted in
-- the field.
local function passesFence(hash, field, epoch, newest)
  if epoch == (newest or '1') then return true end
  if tonumber(epoch) < tonumber(newest or 1) then return false end
  redis.call('HSET', hash, field, epoch)
  return true
end

-- Whether a lease is over, by Redis's own clock: so what a node that stood still, or its socket, still holds does nothing
-- when it arrives. `lease`: its end (ms), as it was known when the command was issued; '': no node's lease stands behind it.
local function isOver(lease)
  if lease == '' then return false end
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000 >= tonumber(lease)
end

-- Removes the oldest entries of a stream, so that what is left has at most so many bytes. The last field of each entry is `b`:
-- how many bytes had been appended before it (an older version wrote none). `sum`: how many with the last entry, which
-- stays however large it is. Its cost does not depend on the number of entries that stay.
local function trimToBytes(stream, bytes, sum)
  local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  local kept = oldest
  while kept do
    local name, before = unpack(kept[2], #kept[2] - 1)
    if sum - (name == 'b' and tonumber(before) or 0) <= tonumber(bytes) then break end
    local later = redis.call('XRANGE', stream, '(' .. kept[1], '+', 'COUNT', 1)[1]
    if not later then break end
    kept = later
  end
  if kept ~= oldest then redis.call('XTRIM', stream, 'MINID', kept[1]) end
end

-- Appends a packet to a session's outbox under its next number, and publishes it to the session's node; of several
-- events, one a line, each gets a number. `keep`: how many confirmed events it keeps, and how many bytes in all, divided
-- by a space. `control`: what the node has to note before the first, as members of a JSON object with a comma behind each;
-- nil: nothing. `trace` may have the feed's position behind it (`~42`), which is kept and not published. `reference`: what
-- is kept in the packet's place, where its state is too large; nil or '': the packet. `number`, `bytes`: the session's
-- fields, as they are. Returns them as they are then.
local function appendAfter(number, bytes, session, outbox, packet, keep, trace, control, reference)
  local ending = string.find(packet, '\n', 1, true)
  if ending then
    number, bytes = appendAfter(number, bytes, session, outbox, string.sub(packet, 1, ending - 1), keep, trace, control)
    return appendAfter(number, bytes, session, outbox, string.sub(packet, ending + 1), keep, trace)
  end
  local kept = (reference or '') == '' and packet or reference
  local before = tonumber(bytes or 0)
  number, bytes = (number or 0) + 1, before + #kept
  redis.call('HSET', session, 'number', number, 'bytes', bytes)
  redis.call('XADD', outbox, '0-' .. number, trace, kept, 'b', before)
  if number % TRIM_EACH == 0 then
    redis.call('XTRIM', outbox, 'MAXLEN', '~', UNCONFIRMED_KEEP_FACTOR * string.match(keep, '^%d+'))
  end
  if before % TRIM_BYTES + #kept >= TRIM_BYTES then trimToBytes(outbox, string.match(keep, '%d+$'), bytes) end
  local led = string.match(trace, '^[^~]*')
  redis.call('SPUBLISH', outbox, number .. '\n{' .. (control or '') .. '"trace":"' .. led .. '"}\n' .. packet)
  return number, bytes
end

-- The same for a script that has not read these fields. Returns the last number.
local function append(session, outbox, packet, keep, trace, control, reference)
  local number, bytes = unpack(redis.call('HMGET', session, 'number', 'bytes'))
  return (appendAfter(number, bytes, session, outbox, packet, keep, trace, control, reference))
end

-- Publishes to the session's node what it has to note; the client gets no event.
local function publishControl(outbox, trace, control)
  redis.call('SPUBLISH', outbox, '0\n{' .. control .. '"trace":"' .. string.match(trace, '^[^~]*') .. '"}\n')
end

-- Notes in a session which pair has just ended for it, so that it can still report the partner: the time (ms), the room
-- and the seat (JSON). The seat in another kind of room is none. Within a text of the seat no quote stands without a
-- backslash before it, so only the member itself is found.
local function notePairEnd(session, now, room, seat)
  if string.find(seat, '"kind":"pair"', 1, true) then
    redis.call('HSET', session, 'lastPair', now .. ' ' .. room .. ' ' .. seat)
  end
end

-- Adds to an answer the profiles of the users online, the latest first, of `listed` users at most.
local function addPeople(answer, people, arrivals, listed)
  local users = redis.call('ZREVRANGE', arrivals, 0, tonumber(listed) - 1)
  for from = 1, #users, 1000 do -- Lua can't unpack some thousands at once
    for _, entry in ipairs(redis.call('HMGET', people, unpack(users, from, math.min(from + 999, #users)))) do
      if entry then answer[#answer + 1] = string.match(entry, '^%S+ %d+ (.*)$') end
    end
  end
  return answer
end

-- Appends an event to a dialect's feed and publishes it to all nodes. An entry's time is never below that of the entry
-- before. `except`: sessions that do not get it, divided by spaces. `keep`: how many entries it keeps, and how many bytes,
-- divided by a space. Returns the entry's id.
local function appendToFeed(feed, meta, event, except, now, keep)
  local entries, bytes = string.match(keep, '^(%d+) (%d+)$')
  local fed = redis.call('HINCRBY', meta, 'fed', 1)
  local at = math.max(tonumber(now), tonumber(redis.call('HGET', meta, 'fedAt') or 0))
  local id = string.format('%.0f-%.0f', at, fed)
  redis.call('HSET', meta, 'fedAt', string.format('%.0f', at), 'last', id)
  local sum = redis.call('HINCRBY', meta, 'fedBytes', #event)
  redis.call('XADD', feed, 'MAXLEN', '~', entries, id, 'e', event, 'x', except, 'b', sum - #event)
  trimToBytes(feed, bytes, sum)
  redis.call('SPUBLISH', feed, id .. '\n' .. except .. '\n' .. event)
  return id
end

-- The revision of the bans after a change: above the one before, and not below the time, so that none is given twice if
-- Redis has lost the last ones.
local function nextRevision(before, now)
  return string.format('%.0f', math.max(tonumber(before) + 1, tonumber(now)))
end

-- The cohort of a ticket (JSON); nil: none. Within a text of the ticket no quote stands without a backslash before it,
-- and a cohort has none, so only the member itself is found.
local function cohortOf(ticket)
  local _, last = string.find(ticket, '"cohort":"', 1, true)
  return last and string.match(ticket, '^[^"]*', last + 1)
end

-- The standing of a ticket (JSON) by a queue's bans, of its user, or of any network that has the address that it was
-- requested from: whether a ban is in force, and whether it is in the shadow pool. A shadow holds until it is removed, whatever its
-- end: matchmakers go by that too. `lengths`: of the networks that there are bans of.
local function standingOf(ticket, banned, lengths, now)
  local asked = cjson.decode(ticket)
  local subjects = { 'user:' .. asked.user }
  for length in pairs(lengths) do
    subjects[#subjects + 1] = 'network:' .. string.sub(asked.network or '', 1, tonumber(length))
  end
  local fields = {}
  for _, scope in ipairs({ 'here:', 'everywhere:', 'shadow-here:', 'shadow-everywhere:' }) do
    for _, subject in ipairs(subjects) do fields[#fields + 1] = scope .. subject end
  end
  local isBanned, isShadowed = false, false
  for i, over in ipairs(redis.call('HMGET', banned, unpack(fields))) do
    if over and i > 2 * #subjects then isShadowed = true
    elseif over and (over == 'never' or tonumber(over) > tonumber(now)) then isBanned = true end
  end
  return isBanned, isShadowed
end
