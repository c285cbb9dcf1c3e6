import ConnectorModel
import Manifest
import Testing

@Suite struct GoodManifestTests {
  private static func full() throws -> ManifestReading {
    ManifestReader.read(path: ManifestFixtures.folder + "/good/full.yaml", today: ManifestFixtures.today)
  }

  @Test func theFullManifestHasNoErrorAndNoWarning() throws {
    let problems = try Self.full().problems
    #expect(problems.filter { $0.severity != .note }.map(\.description) == [])
  }

  @Test func theRealMailchimpManifestIsClean() throws {
    let reading = ManifestReader.read(
      path: ManifestFixtures.repository + "/manifests/mailchimp.yaml", today: ManifestFixtures.today)
    #expect(reading.problems.filter { $0.severity != .note }.map(\.description) == [])
    let manifest = try #require(reading.manifest)
    #expect(manifest.actions.keys.contains(manifest.publish ?? ""))
  }

  @Test func identityAndLibraryAreRead() throws {
    let manifest = try #require(Self.full().manifest)
    #expect(manifest.id == "mailchimp")
    #expect(manifest.version == "1.0.0")
    #expect(manifest.abi == .init(major: 1, minor: 0))
    #expect(manifest.library.files["linux-x86_64"]?.path == "libMailchimpConnector.so")
    #expect(manifest.library.files["linux-x86_64"]?.sha256?.hasPrefix("9f86d081") == true)
    #expect(manifest.library.files["linux-aarch64"] == .init(path: "lib/aarch64/libMailchimpConnector.so"))
    #expect(manifest.api == .init(version: "3.0", sunset: "2027-06-30"))
    #expect(manifest.path == ManifestFixtures.folder + "/good/full.yaml")
    #expect(manifest.configuration?.values == .object(["pageSize": .integer(100)]))
    #expect(manifest.configuration?.schema == ManifestFixtures.folder + "/good/schemas/config.json")
  }

  @Test func endpointIsRead() throws {
    let endpoint = try #require(Self.full().manifest?.endpoints["api"])
    #expect(endpoint.bases == ["https://{dc}.api.mailchimp.com/3.0", "https://api.mailchimp.com/3.0"])
    #expect(endpoint.variables == ["dc": "^[a-z]{2}[0-9]{1,2}$"])
    #expect(endpoint.auth == ["default", "page_token"])
    #expect(endpoint.allowsAnonymous)
    #expect(endpoint.idempotent.map(\.description) == ["PUT /lists/*/members/*"])
    #expect(endpoint.reads.map(\.description) == ["POST /search/**", "/ping"])
    #expect(
      endpoint.headers == [
        HeaderField("X-Restli-Protocol-Version", "2.0.0"), HeaderField("LinkedIn-Version", "3.0"),
      ])
    #expect(endpoint.buckets == ["usage"])
    let capture = try #require(endpoint.capture.first)
    #expect(capture.path.description == "$.data[*].access_token")
    #expect(capture.profile == "page_token")
    #expect(capture.key?.description == "$.id")
    #expect(capture.keep)
  }

  @Test func authProfilesAreRead() throws {
    let auth = try #require(Self.full().manifest?.auth)
    let alternatives = try #require(auth["default"]?.alternatives)
    #expect(alternatives.count == 2)
    #expect(alternatives[0].kind == .apiKey)
    #expect(alternatives[0].inject == .basic(user: "anystring", password: "$key"))
    #expect(alternatives[0].derive["dc"] == .init(source: "key", match: "-([a-z]{2}[0-9]{1,2})$"))
    guard case .oauth2(let oauth) = alternatives[1].kind else {
      Issue.record("the second alternative is not OAuth")
      return
    }
    #expect(oauth.clientID == "env:MAILCHIMP_CLIENT_ID")
    #expect(oauth.pkce == .tiktokHex)
    #expect(oauth.expires == .after(.seconds(60 * 86400)))
    #expect(oauth.after?.take["dc"]?.description == "$.dc")
    #expect(auth["page_token"]?.alternatives.first?.kind == .captured)
    #expect(
      auth["header_token"]?.alternatives.first?.inject == .header(name: "Authorization", value: "OAuth $key"))
    #expect(auth["token"]?.alternatives.first?.inject == .query(name: "access_token"))
  }

  @Test func limitsAreRead() throws {
    let limits = try #require(Self.full().manifest?.limits)
    #expect(limits.buckets["concurrency"] == .init(scope: .account, concurrent: 10))
    #expect(
      limits.buckets["daily"] == .init(scope: .app, rate: .init(count: 100_000, window: .seconds(86400))))
    #expect(
      limits.buckets["usage"]
        == .init(
          scope: .account,
          usage: .init(headers: ["X-App-Usage", "X-Business-Use-Case-Usage"], slowAt: 80, stopAt: 95)))
    #expect(
      limits.buckets["remaining"]
        == .init(
          scope: .endpoint,
          remaining: .init(
            header: "X-RateLimit-Remaining", reset: .init(header: "X-RateLimit-Reset", unit: .epochSeconds)),
          prefersPublishing: false))
    #expect(limits.buckets["publishing"]?.quota?.total.description == "$.data[0].config.quota_total")
    #expect(limits.defaultBuckets == ["concurrency", "daily", "remaining", "publishing"])
    #expect(limits.timeout == .seconds(120))
    #expect(limits.maximumResponse == 8 << 20)
    #expect(limits.operation.park == .seconds(45))
    #expect(limits.operation.effects == 32)
  }

  @Test func aListInAnErrorRuleMakesARuleForEachCombination() throws {
    let errors = try #require(Self.full().manifest?.errors)
    #expect(errors.count == 8)
    #expect(errors[0] == ErrorRule(status: 401, then: .unauthenticated))
    #expect(errors[1...4].map(\.status) == [400, 400, 500, 500])
    #expect(errors[2].body.map(\.equals) == [.integer(2), .bool(true)])
    #expect(errors[5].status == nil)
    #expect(errors[6] == ErrorRule(status: 403, needsEmptyBody: true, then: .rateLimited))
    #expect(errors[7] == ErrorRule(status: 420, needsEmptyBody: true, then: .rateLimited))
    #expect(errors.prefix(6).allSatisfy { !$0.needsEmptyBody })
  }

  @Test func actionsAreRead() throws {
    let manifest = try #require(Self.full().manifest)
    let publish = try #require(manifest.actions["campaign.publish"])
    #expect(publish.effect == .write)
    #expect(publish.retry == .reconcile)
    #expect(publish.input == ManifestFixtures.folder + "/good/schemas/campaign.json")
    #expect(manifest.actions["ping"]?.retry == .safe)
    #expect(manifest.webhooks["events"]?.verification == .timestampedHMAC)
    #expect(manifest.webhooks["signed"]?.handshake == .linkedinChallenge)
    #expect(manifest.sync["campaign.reports"]?.lookback == .seconds(7 * 86400))
    #expect(manifest.health.deepAction == "ping")
    #expect(manifest.environment.count == 2)
  }

  @Test func mediaRulesAreRead() throws {
    let media = try #require(Self.full().manifest?.actions["campaign.publish"]?.media)
    #expect(media.map(\.path.description) == ["$.pictures[*].file", "$.cover"])
    let pictures = try #require(media.first)
    #expect(pictures.types == ["image/jpeg", "video/*"])
    #expect(pictures.size == 10 << 20)
    #expect(pictures.count == .init(maximum: 20))
    #expect(pictures.width == .init(minimum: 320, maximum: 8192))
    #expect(pictures.aspect == .init(minimum: AspectRatio("4:5"), maximum: AspectRatio("1.91:1")))
    #expect(pictures.duration == .init(minimum: .seconds(3), maximum: .seconds(1800)))
    #expect(
      pictures.accepts("video/mp4") && !pictures.accepts("videos/mp4") && !pictures.accepts("image/png"))
    #expect(media.last?.count == .init(minimum: 1, maximum: 1))
    #expect(media.last?.pixels == 36_152_320)
  }

  @Test func aspectRatiosAreComparedExactly() throws {
    let golden = try #require(AspectRatio("1.91:1"))
    #expect(AspectRatio(width: 191, height: 100) == golden)
    #expect(try #require(AspectRatio(width: 1920, height: 1000)) > golden)
    #expect(try #require(AspectRatio(width: 4, height: 5)) < golden)
    for text in ["", "4", "4:0", "4:5:6", "a:b", "-4:5", "4:5 ", "1.2345:1", "1e3:1", ".5:1"] {
      #expect(AspectRatio(text) == nil, "\(text)")
    }
  }

  @Test func whatIsNotEnforcedYetIsSaidOnceForEachFeature() throws {
    let notes = try Self.full().problems.filter { $0.severity == .note }
    #expect(notes.allSatisfy { $0.code == .notYetEnforced })
    #expect(Set(notes.map(\.keyPath)).count == notes.count)
    let paths = Set(notes.map(\.keyPath))
    for path in [
      "api.sunset", "endpoints.api.pagination", "auth.default.any[1].authorize",
      "auth.default.any[1].appsecret_proof", "scopes",
      "actions[\"campaign.publish\"].scopes", "actions[\"lists.read\"].request", "webhooks",
      "health.deep", "env",
    ] {
      #expect(paths.contains(path), "no note at \(path)")
    }
    #expect(!paths.contains { $0.hasPrefix("limits") }, "limits are enforced")
    #expect(
      notes.first { $0.keyPath.hasSuffix("authorize") }?.message.contains("token, client, pkce") == true)
  }

  @Test func anEmptyCollectionNeedsNoNote() throws {
    let reading = try ManifestFixtures.good(replacing: "sunset: 2027-06-30", with: "sunset: null")
    #expect(!reading.problems.contains { $0.keyPath == "api.sunset" })
  }

  @Test func anEndFurtherThanSixtyDaysAwayIsNoWarning() throws {
    let near = try ManifestFixtures.good(replacing: "2027-06-30", with: "2027-01-22")
    #expect(near.problems.contains { $0.code == .sunsetNear })
    let far = try ManifestFixtures.good(replacing: "2027-06-30", with: "2027-01-23")
    #expect(!far.problems.contains { $0.code == .sunsetNear })
  }

  @Test func oneFileForAllPlatformsIsKeptUnderAny() throws {
    let text = try ManifestFixtures.text(ManifestFixtures.repository + "/manifests/mailchimp.yaml")
    let plain = ManifestReader.read(
      Array(text.utf8), file: "mailchimp.yaml", folder: ManifestFixtures.repository + "/manifests",
      today: ManifestFixtures.today)
    #expect(plain.manifest?.library.files == ["any": .init(path: "libMailchimpConnector.so")])
    #expect(plain.manifest?.endpoints["api"]?.allowsAnonymous == false)
  }
}
