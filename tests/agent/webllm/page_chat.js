// Chats greedily through web-llm in a page, and notes every token that it chooses and how clearly it wins.

export async function chat(record, prompts) {
  const webllm = await import("./web-llm.js");
  const tokens = [];
  const margins = [];
  const listener = {
    processLogits(logits) {
      let best = -Infinity;
      let second = -Infinity;
      for (const logit of logits) {
        if (logit > best) [best, second] = [logit, best];
        else if (logit > second) second = logit;
      }
      margins.push(best - second);
      return logits;
    },
    processSampledToken: (token) => tokens.push(token),
    resetState() {},
  };
  const engine = new webllm.MLCEngine({
    appConfig: { model_list: [record] },
    logitProcessorRegistry: new Map([[record.model_id, listener]]),
  });
  await engine.reload(record.model_id);
  const answers = [];
  for (const prompt of prompts) {
    tokens.length = margins.length = 0;
    await engine.resetChat();
    const answer = await engine.chat.completions.create({
      messages: [{ role: "user", content: prompt }],
      temperature: 0,
      max_tokens: 50,
    });
    answers.push({ text: answer.choices[0].message.content, tokens: [...tokens], margins: [...margins] });
  }
  await engine.unload();
  return answers;
}
