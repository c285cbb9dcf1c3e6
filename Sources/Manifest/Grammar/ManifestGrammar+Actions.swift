extension ManifestGrammar {
  static let action: [Shape.Member] = [
    .may("input", .text(.relativePath), "JSON Schema of the input."),
    .may("output", .text(.relativePath), "JSON Schema of the result."),
    .needs("effect", .words(Manifest.ActionDeclaration.Effect.self), "What it does to the platform."),
    .may(
      "retry", .words(Manifest.ActionDeclaration.Retry.self),
      "Who may repeat it after a write; safe for reads, else required."),
    .may("scopes", .list(.text(.scope), atLeast: 0), "Scopes that it needs."),
    .may(
      "post",
      .object([
        .needs("id", .text(.jsonPath), "The platform's id of it."),
        .may("url", .text(.jsonPath), "Where people see it."),
      ]), "Where the result tells what stands on the platform now."),
    .may(
      "media", .list(.object(media), atLeast: 1),
      "What may stand where the input names media; checked before anything is sent."),
    .may("request", .object(declaredRequest), "For an action without code: what is sent."),
    .may("response", .map(.variable, .text(.jsonPath)), "For an action without code: the result's members."),
  ]

  private static let range: Shape = .object([
    .may("min", .integer(0...1_000_000), "At least."), .may("max", .integer(0...1_000_000), "At most."),
  ])

  private static let media: [Shape.Member] = [
    .needs("path", .text(.jsonPath), "Where in the input, such as $.file or $.images[*]."),
    .needs("types", .list(.text(.mediaTypePattern), atLeast: 1), "Media types that this rule is for."),
    .may("size", .size, "Bytes at most."),
    .may(
      "count", .forms(scalar: .integer(0...1000), list: nil, mapping: range),
      "How many the path may find; a number stands for exactly that many."),
    .may("width", range, "Pixels."),
    .may("height", range, "Pixels."),
    .may("pixels", .integer(1...1_000_000_000), "Width times height at most."),
    .may(
      "aspect",
      .object([
        .may("min", .text(.aspectRatio), "Narrowest, such as 4:5."),
        .may("max", .text(.aspectRatio), "Widest, such as 1.91:1."),
      ]), "Width to height."),
    .may(
      "duration",
      .object([.may("min", .text(.duration), "Shortest."), .may("max", .text(.duration), "Longest.")]),
      "Of sound and video."),
  ]

  private static let declaredRequest: [Shape.Member] =
    request + [
      .may("auth", .text(.name), "The profile."),
      .may("query", .map(.parameterName, .anything), "Parameters; {input.NAME} is filled in."),
      .may("headers", .map(.headerName, .text(.headerValue)), "Headers."),
      .may("body", .anything, "The JSON body; {input.NAME} is filled in."),
    ]

  static let limits: [Shape.Member] = [
    .may("buckets", .map(.name, .object(bucket)), "Bounds on requests, by name."),
    .may(
      "defaults",
      .object([
        .may("bucket", .list(.text(.name), atLeast: 0), "Buckets that every request passes."),
        .may("timeout", .text(.duration), "One exchange; 30s by default."),
        .may("response", .size, "Bytes of one answer; 8MiB by default."),
      ]), "What holds unless a request asks for less."),
    .may(
      "operation",
      .object([
        .may("turn", .text(.duration), "CPU time of a turn over which it counts as slow; 20ms by default."),
        .may("effects", .integer(1...100_000), "Over the operation's life; 64 by default."),
        .may("parallel", .integer(1...1000), "Outstanding at once; 8 by default."),
        .may("deadline", .text(.duration), "The whole operation; 5m by default."),
        .may("park", .text(.duration), "A longer wait parks the operation; 30s by default."),
      ]), "Budgets of one operation."),
  ]

  private static let bucket: [Shape.Member] = [
    .needs("scope", .words(Limits.Bucket.Scope.self), "Who shares it."),
    .may("concurrent", .integer(1...10_000), "Exchanges under way at once."),
    .may("rate", .text(.rate), "Exchanges a window."),
    .may("algorithm", .word(["usage-percent"]), "How headers are read."),
    .may("headers", .list(.text(.headerName), atLeast: 1), "Headers that tell the usage."),
    .may("slow_at", .integer(1...100), "Percent from which requests are spread; 80 by default."),
    .may("stop_at", .integer(1...100), "Percent from which requests wait; 95 by default."),
    .may("remaining", .text(.headerName), "The header that tells what is left."),
    .may(
      "reset",
      .object([
        .needs("header", .text(.headerName), "Tells when the window ends."),
        .needs("unit", .words(Limits.Remaining.Unit.self), "How it tells it."),
      ]), "The window's end."),
    .may(
      "body",
      .object([
        .needs("used", .text(.jsonPath), "What is used up."),
        .needs("total", .text(.jsonPath), "What there is."),
      ]), "A quota that answers tell in their body; bounds writes."),
    .may(
      "priority", .word(["publish", "none"]), "Whether publishing goes before syncing; publish by default."),
  ]
}
