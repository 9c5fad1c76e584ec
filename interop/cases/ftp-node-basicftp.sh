#!/usr/bin/env bash
# basic-ftp, as web applications and build scripts use it: folders up and down, progress, resuming, renaming, in the clear and
# in TLS with the session resumed on the data connection; a wrong password is told as 530.
# needs: nodejs node-basic-ftp
set -euo pipefail
. "$INTEROP/functions.sh"

mkdir -p 'tree/a b/grüße' tree/empty
head -c 1500000 /dev/urandom >'tree/a b/grüße/groß'
for number in $(seq 20); do head -c $((number * 500)) /dev/urandom >"tree/a b/file $number"; done
echo >tree/little # an empty one it hangs up on before TLS has begun; see docs/clients.md
: >nothing
cat >play.js <<'NODE'
const assert = require("assert"), fs = require("fs");
const ftp = require(`${process.env.REPOSITORY}/build/interop/basic-ftp/package`);
const {HOST, FTP, FTPS, CA, ADA_PASSWORD} = process.env;
const secureOptions = {ca: fs.readFileSync(CA), servername: HOST};
const same = (one, other) => assert.ok(fs.readFileSync(one).equals(fs.readFileSync(other)), `${one} and ${other}`);
const play = async (name, access) => {
    const client = new ftp.Client(20000);
    await client.access({host: HOST, user: "ada", password: ADA_PASSWORD, ...access});
    const features = await client.features();
    for (const wanted of ["MLST", "SIZE", "MDTM", "REST", "UTF8", "EPSV", "AUTH"]) assert.ok(features.has(wanted), wanted);
    assert.equal(await client.pwd(), "/home");
    await client.ensureDir(`basic-${name}`);
    await client.clearWorkingDir();
    await client.uploadFromDir("tree");
    assert.deepEqual((await client.list()).map(each => each.name).sort(), ["a b", "empty", "little"]);
    const files = await client.list("a b");
    assert.equal(files.length, 21);
    assert.equal(files.find(each => each.name === "file 7").size, 3500);
    assert.ok(files.find(each => each.name === "grüße").isDirectory);
    await client.downloadToDir(`back-${name}`);

    const large = "a b/grüße/groß";
    assert.equal(await client.size(large), 1500000);
    assert.ok(Math.abs(await client.lastMod(large) - Date.now()) < 600000);
    fs.writeFileSync("part", fs.readFileSync(`tree/${large}`).subarray(0, 700000));
    let moved = 0;
    client.trackProgress(info => { moved = info.bytesOverall; });
    await client.downloadTo("part", large, 700000);
    client.trackProgress();
    assert.equal(moved, 800000);
    same("part", `tree/${large}`);
    await client.rename(large, "moved");
    await client.appendFrom("tree/a b/file 1", "moved");
    assert.equal(await client.size("moved"), 1500500);
    await assert.rejects(client.size(large), {code: 550});
    await client.remove("moved");
    await assert.rejects(client.downloadTo("x", "../../../../etc/passwd"), {code: 550});
    await assert.rejects(client.cd("/etc"), {code: 550});
    await client.removeDir(`/home/basic-${name}`);
    client.close();
};
(async () => {
    await play("clear", {port: Number(FTP)});
    const plain = new ftp.Client(20000);
    await plain.access({host: HOST, port: Number(FTP), user: "ada", password: ADA_PASSWORD});
    await plain.uploadFrom("nothing", "basic-nothing");
    assert.equal(await plain.size("basic-nothing"), 0);
    await plain.remove("basic-nothing");
    plain.close();
    await play("tls", {port: Number(FTP), secure: true, secureOptions});
    await play("implicit", {port: Number(FTPS), secure: "implicit", secureOptions});
    const wrong = new ftp.Client(20000);
    await assert.rejects(wrong.access({host: HOST, port: Number(FTP), user: "ada", password: "wrong"}), {code: 530});
    wrong.close();
})().catch(problem => { console.error(problem); process.exit(1); });
NODE
export REPOSITORY
node play.js
for name in clear tls implicit; do diff -r tree "back-$name"; done
